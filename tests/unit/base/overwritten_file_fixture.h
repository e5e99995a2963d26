// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "client/base/system.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c::testing_support {

class OverwritingAPrivateFile : public testing::Test {
 protected:
  // Refused, and gone, so that the next one is written.
  void ExpectTakenAway() {
    EXPECT_THAT(MessageOf(OverwritePrivateFile(path_, "new")), testing::HasSubstr(path_));
    EXPECT_EQ(ReadText(path_), "(none)");
    EXPECT_EQ(MessageOf(OverwritePrivateFile(path_, "new")), "");
    EXPECT_EQ(ReadText(path_), "new");
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_ / "file";
  const std::string other_ = folder_ / "other";
};

}  // namespace s2c::testing_support
