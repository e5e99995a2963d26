// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/unit/base/overwritten_file_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(OverwritingAPrivateFile, MakesOneThatNobodyElseCanRead) {
  EXPECT_EQ(MessageOf(OverwritePrivateFile(path_, "some bytes")), "");
  EXPECT_EQ(ReadText(path_), "some bytes");
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(OverwritingAPrivateFile, LeavesNothingOfTheOldOneAndNoOtherFile) {
  WriteText(path_, "an older one, which is longer");
  EXPECT_EQ(MessageOf(OverwritePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(path_), "new");
  EXPECT_EQ(folder_.Names(), "file");
}

TEST_F(OverwritingAPrivateFile, TakesAwayWhatOthersCanReadOrWrite) {
  for (const unsigned mode : {0644U, 0620U, 0666U}) {
    WriteText(path_, "old", mode);
    SetMode(path_, mode);
    ExpectTakenAway();
  }
}

TEST_F(OverwritingAPrivateFile, OnAFullDiskIsAFailureAndLeavesNothing) {
  const std::string bytes(10000, 'x');
  {
    const FullDisk full(5000);
    EXPECT_THAT(MessageOf(OverwritePrivateFile(path_, bytes)), HasSubstr("cannot be written"));
  }
  EXPECT_EQ(folder_.Names(), "");
}

TEST_F(OverwritingAPrivateFile, WithoutItsFolderIsAFailure) {
  EXPECT_THAT(MessageOf(OverwritePrivateFile(folder_ / "no/file", "x")), HasSubstr("no/file"));
}

}  // namespace
}  // namespace s2c
