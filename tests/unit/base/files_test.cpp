// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "client/base/part_file.h"
#include "tests/unit/base/files_fixture.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

using ReadingASmallFile = FilesTest;

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

TEST_F(ReadingASmallFile, FailsWhereThereIsNone) {
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kNotFound, AllOf(HasSubstr(path_), HasSubstr("cannot be read"),
                                                    HasSubstr(NoSuchFileReason()))));
  EXPECT_EQ(ErrorOf(ReadSmallFile("", 100)).kind, ErrorKind::kNotFound);
}

TEST_F(ReadingASmallFile, FailsWhereItIsTooLarge) {
  WriteText(path_, std::string(101, 'x'));
  EXPECT_THAT(ErrorOf(ReadSmallFile(path_, 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("too large")));
  EXPECT_EQ(MessageOf(ReadSmallFile(path_, 101)), "");
}

TEST_F(ReadingASmallFile, FailsForAFolder) {
  EXPECT_THAT(ErrorOf(ReadSmallFile(folder_.path(), 100)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a file")));
  WriteText(path_, "x");
  EXPECT_FALSE(ReadSmallFile(path_ + "/below", 100));
}

using RemovingAFile = FilesTest;

TEST_F(RemovingAFile, LeavesNone) {
  WriteText(path_, "x");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(MessageOf(RemoveFile(path_)), "");
  EXPECT_EQ(folder_.Names(), "");
}

TEST_F(RemovingAFile, FailsForAFolder) {
  EXPECT_THAT(MessageOf(RemoveFile(folder_.path())),
              HasSubstr("'" + folder_.path() + "' cannot be removed ("));
}

using ReplacingAPrivateFile = FilesTest;

TEST_F(ReplacingAPrivateFile, WritesItClosedToOthers) {
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(path_), "new");
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(folder_.Names(), "file");
}

TEST_F(ReplacingAPrivateFile, WritesAnyNumberOfBytes) {
  for (const std::size_t size : {0, 1, 2, 100000}) {
    EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, std::string(size, 'x'))), "") << size;
    EXPECT_EQ(ReadText(path_), std::string(size, 'x'));
  }
}

TEST_F(ReplacingAPrivateFile, ClosesAFileThatWasOpenToOthers) {
  WriteText(path_, "a much longer old content", 0666);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, std::string("n\0w", 3))), "");
  EXPECT_EQ(ReadText(path_), std::string("n\0w", 3));
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(ReplacingAPrivateFile, ReplacesItAsAWhole) {
  WriteText(path_, "old");
  std::filesystem::create_hard_link(path_, folder_ / "held");
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(folder_ / "held"), "old") << "who has the old file open still reads it";
}

// Each looks at it now and then, as programs do: wine's rename waits until nobody has it open.
TEST_F(ReplacingAPrivateFile, IsWholeForEightThatLookAtItNowAndThen) {
  const std::string contents[] = {std::string(9000, 'a'), std::string(9000, 'b')};
  WriteText(path_, contents[0]);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  InThreads(9, [&](int number) {
    if (number == 0) {
      for (int i = 0; i < 100; ++i)
        EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, contents[i % 2])), "") << i;
      done = true;
    }
    while (!done) {
      const auto file = ReadSmallFile(path_, 10000);
      wrong += !file || (file->content != contents[0] && file->content != contents[1]);
      std::this_thread::sleep_for(std::chrono::milliseconds(5 + number));
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST_F(ReplacingAPrivateFile, LeavesTheOldOneWhereTheDiskIsFull) {
  WriteText(path_, "old");
  std::string message;
  {
    const FullDisk full(5);
    message = MessageOf(ReplacePrivateFile(path_, "longer than that"));
  }
  EXPECT_THAT(message, AllOf(HasSubstr("cannot be written"), HasSubstr(FullDiskReason())));
  EXPECT_EQ(ReadText(path_), "old");
  EXPECT_EQ(folder_.Names(), "file") << "and no half file";
}

TEST_F(ReplacingAPrivateFile, FailsWhereItCannotBe) {
  EXPECT_THAT(ErrorOf(ReplacePrivateFile(folder_ / "nowhere/file", "x")).message,
              AllOf(HasSubstr("nowhere/file"), HasSubstr("cannot be written")));
  ASSERT_TRUE(MakePrivateFolder(path_));
  EXPECT_THAT(ErrorOf(ReplacePrivateFile(path_, "x")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("cannot be written")));
  EXPECT_EQ(folder_.Names(), "file");
}

using TheTimeOfAFile = FilesTest;

TEST_F(TheTimeOfAFile, IsWhatItWasSetTo) {
  WriteText(path_, "some bytes");
  SetFileTime(path_, 1600000000);
  const auto stamp = StampOf(path_);
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->time, 1600000000);
  EXPECT_EQ(stamp->size, 10U);
}

TEST_F(TheTimeOfAFile, IsSetOfNoneThatIsNotThere) {
  SetFileTime(path_, 1600000000);
  EXPECT_EQ(folder_.Names(), "");
  EXPECT_FALSE(StampOf(path_));
  EXPECT_FALSE(StampOf(folder_.path()));
}

using MakingAPrivateFolder = FilesTest;

TEST_F(MakingAPrivateFolder, TakesOneThatIsThere) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a")), "");
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/")), "");
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a//b")), "");
}

TEST_F(MakingAPrivateFolder, LeavesParentsAsTheyAre) {
  ASSERT_TRUE(MakePrivateFolder(folder_ / "a"));
  SetMode(folder_ / "a", 0755);
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/b")), "");
  EXPECT_EQ(ModeOf(folder_ / "a"), 0755U);
}

TEST_F(MakingAPrivateFolder, RefusesOneThatIsOpenToOthers) {
  ASSERT_EQ(MessageOf(MakePrivateFolder(path_)), "");
  for (const unsigned mode : {0755U, 0777U}) {
    SetMode(path_, mode);
    EXPECT_THAT(
        ErrorOf(MakePrivateFolder(path_)),
        FailsWith(ErrorKind::kInvalidInput, AllOf(HasSubstr(path_), HasSubstr("closed to others"))))
        << mode;
    EXPECT_EQ(ModeOf(path_), mode);
  }
}

TEST_F(MakingAPrivateFolder, RefusesAFile) {
  WriteText(path_, "x");
  EXPECT_THAT(ErrorOf(MakePrivateFolder(path_)).message, HasSubstr("not a folder"));
  EXPECT_THAT(ErrorOf(MakePrivateFolder(path_ + "/below")).message, HasSubstr("cannot be used"));
}

TEST_F(MakingAPrivateFolder, FailsForAnEmptyName) { EXPECT_FALSE(MakePrivateFolder("")); }

}  // namespace
}  // namespace s2c
