// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "client/base/system.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c::testing_support {

class FileLockTest : public testing::Test {
 protected:
  std::unique_ptr<FileLock> Try() {
    return FileLock::Acquire(path_, std::chrono::seconds(0), clock_);
  }

  FakeClock clock_;
  TemporaryFolder folder_;
  const std::string path_ = folder_ / "lock";
};

}  // namespace s2c::testing_support
