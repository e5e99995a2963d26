// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "client/base/system.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class PosixFiles : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string path_ = folder_ / "file";
};

using ReadingASmallFile = PosixFiles;

TEST_F(ReadingASmallFile, GivesItsBytes) {
  const std::string bytes("a\0b\r\n\xFF", 6);
  WriteText(path_, bytes);
  EXPECT_EQ(ReadSmallFile(path_, 100)->content, bytes);
  WriteText(path_, "");
  EXPECT_EQ(ReadSmallFile(path_, 100)->content, "");
  const std::string many(20000, 'x');
  WriteText(path_, many);
  EXPECT_EQ(ReadSmallFile(path_, 20000)->content, many);
}

TEST_F(ReadingASmallFile, TellsWhoCanGetAtIt) {
  WriteText(path_, "x");
  for (const unsigned mode : {0600U, 0400U, 0700U}) {
    SetMode(path_, mode);
    EXPECT_EQ(ReadSmallFile(path_, 100)->privacy, FilePrivacy::kPrivate) << mode;
  }
  for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0666U}) {
    SetMode(path_, mode);
    EXPECT_EQ(ReadSmallFile(path_, 100)->privacy, FilePrivacy::kReadable) << mode;
  }
}

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

TEST_F(ReadingASmallFile, FailsWhereThereIsNone) {
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kNotFound, AllOf(HasSubstr(path_), HasSubstr("cannot be read"),
                                                    HasSubstr("No such file"))));
  EXPECT_EQ(ErrorOf(ReadSmallFile("", 100)).kind, ErrorKind::kNotFound);
}

TEST_F(ReadingASmallFile, FailsWhereItIsTooLarge) {
  WriteText(path_, std::string(101, 'x'));
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("too large")));
  EXPECT_EQ(MessageOf(ReadSmallFile(path_, 101)), "");
  EXPECT_THAT(ErrorOf(ReadSmallFile("/dev/zero", 100)).message, HasSubstr("not a file"));
}

TEST_F(ReadingASmallFile, FailsForAFolder) {
  EXPECT_THAT(ErrorOf(ReadSmallFile(folder_.path(), 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a file")));
  WriteText(path_, "x");
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_ + "/below", 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("Not a directory")));
}

TEST_F(ReadingASmallFile, DoesNotWaitForTheWriterOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a file")));
}

using RemovingAFile = PosixFiles;

TEST_F(RemovingAFile, LeavesNone) {
  WriteText(path_, "x");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(MessageOf(RemoveFile(path_)), "");
  EXPECT_EQ(folder_.Names(), "");
}

TEST_F(RemovingAFile, FailsForAFolder) {
  EXPECT_THAT(MessageOf(RemoveFile(folder_.path())),
              HasSubstr("'" + folder_.path() + "' cannot be removed ("));
}

using ReplacingAPrivateFile = PosixFiles;

TEST_F(ReplacingAPrivateFile, WritesItClosedToOthers) {
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(path_), "new");
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(folder_.Names(), "file");
}

TEST_F(ReplacingAPrivateFile, IsClosedToOthersWhateverTheUmask) {
  const mode_t before = umask(0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  umask(before);
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(ReplacingAPrivateFile, ClosesAFileThatWasOpenToOthers) {
  WriteText(path_, "a much longer old content", 0666);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, std::string("n\0w", 3))), "");
  EXPECT_EQ(ReadText(path_), std::string("n\0w", 3));
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(ReplacingAPrivateFile, ReplacesItAsAWhole) {
  WriteText(path_, "old");
  ASSERT_EQ(link(path_.c_str(), (folder_ / "held").c_str()), 0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(folder_ / "held"), "old") << "who has the old file open still reads it";
}

TEST_F(ReplacingAPrivateFile, IsNeverSeenMissingOrHalf) {
  const std::string contents[] = {std::string(9000, 'a'), std::string(9000, 'b')};
  WriteText(path_, contents[0]);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!done) {
      const auto file = ReadSmallFile(path_, 10000);
      wrong += !file || (file->content != contents[0] && file->content != contents[1]);
    }
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ReplacePrivateFile(path_, contents[i % 2]));
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ReplacingAPrivateFile, WritesThroughASymbolicLink) {
  ASSERT_EQ(mkdir((folder_ / "deep").c_str(), 0700), 0);
  WriteText(folder_ / "deep/real", "old");
  ASSERT_EQ(symlink("deep/real", path_.c_str()), 0);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(folder_ / "deep/real"), "new");
  struct stat status = {};
  ASSERT_EQ(lstat(path_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST_F(ReplacingAPrivateFile, LeavesTheOldOneWhereTheDiskIsFull) {
  WriteText(path_, "old");
  std::string message;
  {
    const FullDisk full(5);
    message = MessageOf(ReplacePrivateFile(path_, "longer than that"));
  }
  EXPECT_THAT(message, AllOf(HasSubstr("cannot be written"), HasSubstr("File too large")));
  EXPECT_EQ(ReadText(path_), "old");
  EXPECT_EQ(folder_.Names(), "file") << "and no half file";
}

TEST_F(ReplacingAPrivateFile, FailsWhereItCannotBe) {
  EXPECT_THAT(ErrorOf(ReplacePrivateFile(folder_ / "nowhere/file", "x")).message,
              AllOf(HasSubstr("nowhere/file"), HasSubstr("No such file")));
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_THAT(ErrorOf(ReplacePrivateFile(path_, "x")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("cannot be written")));
  EXPECT_EQ(folder_.Names(), "file");
}

using MakingAPrivateFolder = PosixFiles;

TEST_F(MakingAPrivateFolder, MakesItAndItsParentsClosedToOthers) {
  const mode_t before = umask(0);
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/b/c")), "");
  umask(before);
  for (const char* made : {"a", "a/b", "a/b/c"}) EXPECT_EQ(ModeOf(folder_ / made), 0700U) << made;
}

TEST_F(MakingAPrivateFolder, TakesOneThatIsThere) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a")), "");
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/")), "");
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a//b")), "");
}

TEST_F(MakingAPrivateFolder, LeavesParentsAsTheyAre) {
  ASSERT_EQ(mkdir((folder_ / "a").c_str(), 0700), 0);
  SetMode(folder_ / "a", 0755);
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/b")), "");
  EXPECT_EQ(ModeOf(folder_ / "a"), 0755U);
}

TEST_F(MakingAPrivateFolder, RefusesOneThatIsOpenToOthers) {
  ASSERT_EQ(MessageOf(MakePrivateFolder(path_)), "");
  for (const unsigned mode : {0755U, 0750U, 0701U, 0777U}) {
    SetMode(path_, mode);
    EXPECT_THAT(
        ErrorOf(MakePrivateFolder(path_)),
        FailsWith(ErrorKind::kInvalidInput, AllOf(HasSubstr(path_), HasSubstr("chmod 700"))))
        << mode;
    EXPECT_EQ(ModeOf(path_), mode);
  }
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

TEST_F(MakingAPrivateFolder, RefusesAFile) {
  WriteText(path_, "x");
  EXPECT_THAT(ErrorOf(MakePrivateFolder(path_)).message, HasSubstr("not a folder"));
  EXPECT_THAT(ErrorOf(MakePrivateFolder(path_ + "/below")).message, HasSubstr("Not a directory"));
}

TEST_F(MakingAPrivateFolder, FailsForAnEmptyName) { EXPECT_FALSE(MakePrivateFolder("")); }

}  // namespace
}  // namespace s2c
