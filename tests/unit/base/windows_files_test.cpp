// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <thread>

#include "tests/unit/base/files_fixture.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/windows_handle.h"

namespace s2c {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

using ReadingASmallFile = FilesTest;

TEST_F(ReadingASmallFile, TellsThatTheSystemsIsNotTheUsers) {
  EXPECT_NE(ReadSmallFile("C:\\windows\\win.ini", 1 << 20)->privacy, FilePrivacy::kPrivate);
}

TEST_F(ReadingASmallFile, FailsForADeviceAndWhatIsBelowAFile) {
  EXPECT_FALSE(ReadSmallFile("NUL", 100));
  EXPECT_FALSE(ReadSmallFile("CON", 100));
  WriteText(path_, "x");
  EXPECT_FALSE(ReadSmallFile(path_ + "/below", 100));
}

TEST_F(ReadingASmallFile, IsNotKeptFromItByWhoHasItOpen) {
  WriteText(path_, "x");
  for (const Sharing sharing : {Sharing::kAll, Sharing::kNoRename}) {
    const OpenFile other(path_, sharing);
    EXPECT_EQ(ReadSmallFile(path_, 100)->content, "x");
  }
}

using ReplacingAPrivateFile = FilesTest;

TEST_F(ReplacingAPrivateFile, MakesItPrivateInAFolderThatHandsOnOtherRights) {
  SetMode(folder_.path(), 0777);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(ReadSmallFile(path_, 100)->privacy, FilePrivacy::kPrivate);
}

TEST_F(ReplacingAPrivateFile, LeavesTheOldOneToWhoReadsIt) {
  WriteText(path_, "old");
  const OpenFile reader(path_, Sharing::kAll);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  EXPECT_EQ(ReadText(path_), "new");
  EXPECT_EQ(reader.Read(), "old");
  EXPECT_EQ(folder_.Names(), "file");
}

TEST_F(ReplacingAPrivateFile, WaitsForWhoHoldsItForAMoment) {
  WriteText(path_, "old");
  auto holder = std::make_unique<OpenFile>(path_, Sharing::kNoRename);
  std::thread end([&] {
    std::this_thread::sleep_for(milliseconds(100));
    holder.reset();
  });
  EXPECT_EQ(MessageOf(ReplacePrivateFile(path_, "new")), "");
  end.join();
  EXPECT_EQ(ReadText(path_), "new");
}

TEST_F(ReplacingAPrivateFile, FailsWhereItIsHeldForLongAndLeavesTheOldOne) {
  WriteText(path_, "old");
  const OpenFile holder(path_, Sharing::kNoRename);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(MessageOf(ReplacePrivateFile(path_, "new")), HasSubstr("cannot be written ("));
  // Three seconds and as many pauses, each of which took more than twice its time on a busy
  // machine.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_EQ(ReadText(path_), "old");
  EXPECT_EQ(folder_.Names(), "file") << "and nothing else";
}

TEST_F(ReplacingAPrivateFile, TakesAPathThatIsLongerThanTheSystemsOldLimit) {
  const std::string deep = folder_ / (std::string(120, 'a') + "/" + std::string(120, 'b'));
  const std::string file = deep + "/" + std::string(100, 'c');
  EXPECT_EQ(MessageOf(MakePrivateFolder(deep)), "");
  EXPECT_EQ(MessageOf(ReplacePrivateFile(file, "new")), "");
  EXPECT_EQ(MessageOf(OverwritePrivateFile(file, "newer")), "");
  const auto read = ReadSmallFile(file, 100);
  ASSERT_EQ(MessageOf(read), "");
  EXPECT_EQ(read->content, "newer");
  EXPECT_EQ(MessageOf(RemoveFile(file)), "");
}

using RemovingAFile = FilesTest;

TEST_F(RemovingAFile, WithoutItsFolderIsASuccess) {
  EXPECT_EQ(MessageOf(RemoveFile(folder_ / "no/file")), "");
}

TEST_F(RemovingAFile, ThatSomebodyHoldsFails) {
  WriteText(path_, "x");
  const OpenFile holder(path_, Sharing::kNoRename);
  EXPECT_THAT(MessageOf(RemoveFile(path_)), HasSubstr("cannot be removed ("));
  EXPECT_EQ(ReadText(path_), "x");
}

using MakingAPrivateFolder = FilesTest;

TEST_F(MakingAPrivateFolder, MakesItAndItsParentsClosedToOthersInOneThatHandsOnOtherRights) {
  SetMode(folder_.path(), 0777);
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder_ / "a/b\\c")), "");
  for (const char* made : {"a", "a/b", "a/b/c"}) EXPECT_EQ(ModeOf(folder_ / made), 0700U) << made;
}

TEST(ATemporaryFile, GoesWithItsHandle) {
  const TemporaryFolder folder;
  const EnvironmentVariable here("TMP", folder.path());
  auto file = TemporaryFile::Create();
  ASSERT_EQ(MessageOf(file), "");
  ASSERT_EQ(MessageOf((*file)->Append("bytes", 5)), "");
  EXPECT_THAT(folder.Names(), StartsWith("s2c."));
  EXPECT_EQ(ModeOf(folder / folder.Names()), 0600U);
  EXPECT_EQ(ReadText(folder / folder.Names()), "(none)") << "and nobody else reads it";
  file->reset();
  EXPECT_EQ(folder.Names(), "");
}

}  // namespace
}  // namespace s2c
