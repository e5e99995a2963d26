// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/base/overwritten_file_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

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

TEST_F(OverwritingAPrivateFile, WaitsForNobodyAtTheOtherEndOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(MessageOf(OverwritePrivateFile(path_, "new")), HasSubstr(path_));
}

}  // namespace
}  // namespace s2c
