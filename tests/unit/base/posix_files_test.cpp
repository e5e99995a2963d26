// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

#include "tests/unit/base/files_fixture.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

using ReadingASmallFile = FilesTest;

TEST_F(ReadingASmallFile, TellsThatItIsSomebodyElses) {
  // Root can give a file away; for everybody else, root's are foreign.
  std::string foreign = "/etc/passwd";
  if (geteuid() == 0) {
    WriteText(path_, "x");
    ASSERT_TRUE(GiveAway(path_));
    foreign = path_;
  }
  EXPECT_EQ(ReadSmallFile(foreign, 1 << 20)->privacy, FilePrivacy::kForeign);
}

TEST_F(ReadingASmallFile, FollowsASymbolicLink) {
  WriteText(folder_ / "real", "x");
  ASSERT_EQ(symlink("real", path_.c_str()), 0);
  EXPECT_EQ(ReadSmallFile(path_, 100)->content, "x");
  EXPECT_EQ(ReadSmallFile(path_, 100)->privacy, FilePrivacy::kPrivate) << "as the real file is";
}

TEST_F(ReadingASmallFile, DoesNotWaitForTheWriterOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a file")));
}

TEST_F(ReadingASmallFile, FailsForADevice) {
  EXPECT_THAT(ErrorOf(ReadSmallFile("/dev/zero", 100)).message, HasSubstr("not a file"));
}

TEST_F(ReadingASmallFile, SaysWhatIsNoFolder) {
  WriteText(path_, "x");
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_ + "/below", 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("Not a directory")));
  EXPECT_THAT(ErrorOf(MakePrivateFolder(path_ + "/below")).message, HasSubstr("Not a directory"));
}

TEST_F(ReadingASmallFile, IsNotKeptWhereEverybodyCanPutAnotherFolderInPlaceOfItsOwn) {
  const std::string open = folder_ / "open";
  ASSERT_EQ(mkdir(open.c_str(), 0700), 0);
  ASSERT_EQ(chmod(open.c_str(), 0777), 0);
  EXPECT_THAT(ErrorOf(MakePrivateFolder(open + "/below")).message,
              HasSubstr("everybody may write"));
  ASSERT_EQ(chmod(open.c_str(), 01777), 0);
  EXPECT_EQ(MessageOf(MakePrivateFolder(open + "/below")), "");
}

using ReplacingAPrivateFile = FilesTest;

TEST_F(ReplacingAPrivateFile, IsClosedToOthersWhateverTheUmask) {
  const mode_t before = umask(0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  umask(before);
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(ReplacingAPrivateFile, ReplacesASymbolicLinkAndNotWhatItLeadsTo) {
  WriteText(folder_ / "real", "old");
  ASSERT_EQ(symlink("real", path_.c_str()), 0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(folder_ / "real"), "old");
  struct stat status = {};
  ASSERT_EQ(lstat(path_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISREG(status.st_mode));
  EXPECT_EQ(ReadText(path_), "new");
}

TEST_F(ReplacingAPrivateFile, WritesThroughASymbolicLinkWhereItIsTo) {
  ASSERT_EQ(mkdir((folder_ / "deep").c_str(), 0700), 0);
  WriteText(folder_ / "deep/real", "old");
  ASSERT_EQ(symlink("deep/real", path_.c_str()), 0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new", Links::kFollowed)), "");
  EXPECT_EQ(ReadText(folder_ / "deep/real"), "new");
  struct stat status = {};
  ASSERT_EQ(lstat(path_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST_F(ReplacingAPrivateFile, IsNeverSeenMissingOrHalf) {
  const std::string contents[] = {std::string(9000, 'a'), std::string(9000, 'b')};
  WriteText(path_, contents[0]);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  InThreads(9, [&](int number) {
    if (number == 0) {
      for (int i = 0; i < 100; ++i) EXPECT_TRUE(ReplacePrivateFile(path_, contents[i % 2]));
      done = true;
    }
    while (!done) {
      const auto file = ReadSmallFile(path_, 10000);
      wrong += !file || (file->content != contents[0] && file->content != contents[1]);
    }
  });
  EXPECT_EQ(wrong, 0);
}

using MakingAPrivateFolder = FilesTest;

TEST_F(MakingAPrivateFolder, MakesItAndItsParentsClosedToOthers) {
  const mode_t before = umask(0);
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/b/c")), "");
  umask(before);
  for (const char* made : {"a", "a/b", "a/b/c"}) EXPECT_EQ(ModeOf(folder_ / made), 0700U) << made;
}

TEST_F(MakingAPrivateFolder, RefusesSomebodyElses) {
  std::string foreign = "/";
  if (geteuid() == 0) {
    ASSERT_EQ(MessageOf(MakePrivateFolder(path_)), "");
    ASSERT_TRUE(GiveAway(path_));
    foreign = path_;
  }
  EXPECT_THAT(ErrorOf(MakePrivateFolder(foreign)).message, HasSubstr("the user's own"));
}

TEST_F(MakingAPrivateFolder, RefusesOneThatOthersCanPassThroughAndSaysWhatToDo) {
  ASSERT_EQ(MessageOf(MakePrivateFolder(path_)), "");
  for (const unsigned mode : {0750U, 0701U}) {
    SetMode(path_, mode);
    EXPECT_THAT(ErrorOf(MakePrivateFolder(path_)).message, HasSubstr("chmod 700")) << mode;
  }
}

}  // namespace
}  // namespace s2c
