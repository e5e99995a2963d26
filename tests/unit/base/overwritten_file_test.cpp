// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/system.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class OverwritingAPrivateFile : public testing::Test {
 protected:
  // Refused, and gone, so that the next one is written.
  void ExpectTakenAway() {
    EXPECT_THAT(MessageOf(OverwritePrivateFile(path_, "new")), HasSubstr(path_));
    EXPECT_EQ(ReadText(path_), "(none)");
    EXPECT_EQ(MessageOf(OverwritePrivateFile(path_, "new")), "");
    EXPECT_EQ(ReadText(path_), "new");
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_ / "file";
  const std::string other_ = folder_ / "other";
};

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

TEST_F(OverwritingAPrivateFile, DoesNotFollowALink) {
  WriteText(other_, "the user's own");
  ASSERT_EQ(symlink(other_.c_str(), path_.c_str()), 0);
  ExpectTakenAway();
  EXPECT_EQ(ReadText(other_), "the user's own");
  ASSERT_EQ(unlink(path_.c_str()), 0);
  ASSERT_EQ(link(other_.c_str(), path_.c_str()), 0);
  ExpectTakenAway();
  EXPECT_EQ(ReadText(other_), "the user's own");
}

TEST_F(OverwritingAPrivateFile, TakesAwayWhatOthersCanReadOrWrite) {
  for (const unsigned mode : {0644U, 0620U, 0666U}) {
    WriteText(path_, "old", mode);
    SetMode(path_, mode);
    ExpectTakenAway();
  }
}

TEST_F(OverwritingAPrivateFile, WaitsForNobodyAtTheOtherEndOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(MessageOf(OverwritePrivateFile(path_, "new")), HasSubstr(path_));
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
