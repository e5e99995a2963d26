// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "client/base/part_file.h"
#include "client/base/system.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c::testing_support {

class APartFile : public testing::Test {
 protected:
  std::string Content(const std::string& path) { return ReadSmallFile(path, 1000)->content; }

  TemporaryFolder folder_;
  const std::string path_ = folder_ / "file.part";
};

}  // namespace s2c::testing_support
