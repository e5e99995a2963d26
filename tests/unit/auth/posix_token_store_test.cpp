// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/auth/token_store_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(TokenStoreTest, WritesThroughASymbolicLink) {
  const std::string real = folder_ / "real.json";
  WriteText(real, "{}");
  ASSERT_EQ(symlink(real.c_str(), token_file_.c_str()), 0);
  ASSERT_TRUE(Write(*File()));
  struct stat status = {};
  ASSERT_EQ(lstat(token_file_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  EXPECT_THAT(ReadText(real), HasSubstr("hidden-a"));
  EXPECT_EQ(Read(*File()), "hidden-a hidden-r");
}

TEST_F(TokenStoreTest, OfTheCacheReplacesASymbolicLink) {
  const std::string other = folder_ / "other";
  WriteText(other, "{}");
  const auto cache = Cache();
  ASSERT_TRUE(Write(*cache));
  ASSERT_EQ(unlink(cache->path().c_str()), 0);
  ASSERT_EQ(symlink(other.c_str(), cache->path().c_str()), 0);
  ASSERT_TRUE(Write(*cache));
  EXPECT_EQ(ReadText(other), "{}");
  EXPECT_EQ(Read(*cache), "hidden-a hidden-r");
}

TEST_F(TokenStoreTest, TakesNoLockThatIsASymbolicLink) {
  const std::string target = folder_ / "target";
  ASSERT_EQ(symlink(target.c_str(), (token_file_ + ".lock").c_str()), 0);
  EXPECT_FALSE(File()->Lock());
  EXPECT_EQ(ReadText(target), "(none)");
}

TEST_F(TokenStoreTest, DoesNotWaitForTheWriterOfAPipe) {
  ASSERT_EQ(mkfifo(token_file_.c_str(), 0600), 0);
  EXPECT_THAT(Complaint(*File()), HasSubstr("not a file"));
}

}  // namespace
}  // namespace s2c
