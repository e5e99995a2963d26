// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <utility>

#include "client/base/part_file.h"
#include "client/base/system.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// Of somebody whom no code page but UTF-8 can name everywhere.
class AHomeWithUmlautsAndBlanks : public testing::Test {
 protected:
  AHomeWithUmlautsAndBlanks() { EXPECT_TRUE(MakePrivateFolder(home_)); }

  const TemporaryFolder folder_;
  const std::string home_ = folder_ / "J\xC3\xB6rg M\xC3\xBCller \xE2\x82\xAC";
  const EnvironmentVariable variable_{"USERPROFILE", home_};
};

TEST_F(AHomeWithUmlautsAndBlanks, IsFound) {
  EXPECT_EQ(HomeFolder(), home_);
  EXPECT_TRUE(IsFolder(home_));
  const EnvironmentVariable none("LOCALAPPDATA", "");
  EXPECT_EQ(SystemCacheFolder(), home_ + "\\AppData\\Local");
}

TEST_F(AHomeWithUmlautsAndBlanks, HoldsPrivateFilesInPrivateFolders) {
  const std::string folder = home_ + "/AppData/Local/gdal_S2C";
  const std::string file = folder + "/token \xC3\xA4.json";
  EXPECT_EQ(MessageOf(MakePrivateFolder(folder)), "");
  EXPECT_EQ(ModeOf(folder), 0700U);
  EXPECT_EQ(MessageOf(ReplacePrivateFile(file, "old")), "");
  EXPECT_EQ(MessageOf(ReplacePrivateFile(file, "new")), "");
  const auto read = ReadSmallFile(file, 100);
  ASSERT_EQ(MessageOf(read), "");
  EXPECT_EQ(read->content, "new");
  EXPECT_EQ(read->privacy, FilePrivacy::kPrivate);
  EXPECT_EQ(MessageOf(OverwritePrivateFile(file, "newer")), "");
  EXPECT_EQ(ReadText(file), "newer");
  SetFileTime(file, 1600000000);
  EXPECT_EQ(StampOf(file).value_or(FileStamp()).time, 1600000000);
  EXPECT_EQ(MessageOf(RemoveFile(file)), "");
  EXPECT_EQ(ReadText(file), "(none)");
}

TEST_F(AHomeWithUmlautsAndBlanks, HoldsLocksAndTemporaryFilesAndParts) {
  EXPECT_TRUE(FileLock::Acquire(home_ + "/lock", seconds(0), SystemClock()));
  {
    const EnvironmentVariable temporary("TMP", home_);
    const auto file = TemporaryFile::Create();
    ASSERT_EQ(MessageOf(file), "");
    EXPECT_EQ(MessageOf((*file)->Append("bytes", 5)), "");
  }
  auto part = PartFile::Open(home_ + "/\xC3\xBC.part");
  ASSERT_EQ(MessageOf(part), "");
  EXPECT_EQ(MessageOf((*part)->Append("bytes")), "");
  EXPECT_EQ(MessageOf((*part)->RenameTo(home_ + "/\xC3\xBC")), "");
  part->reset();
  EXPECT_EQ(ReadText(home_ + "/\xC3\xBC"), "bytes");
}

TEST(HomeFolder, IsNoneWhereItIsRelativeOrDoesNotExist) {
  CapturedLog log;
  const std::pair<const char*, const char*> cases[] = {
      {".", "'.' is not used: it is not an abs"}, {"tmp", "not an absolute path"},
      {"\\windows", "not an absolute path"},      {"C:windows", "not an absolute path"},
      {"C:\\nonexistent\\x", "does not exist"},   {"C:\\windows\\win.ini", "does not exist"}};
  for (const auto& [home, why] : cases) {
    log.Clear();
    const EnvironmentVariable variable("USERPROFILE", home);
    EXPECT_EQ(HomeFolder(), "") << home;
    EXPECT_THAT(log.Text(LogLevel::kDebug), HasSubstr(why)) << home;
  }
  const EnvironmentVariable none("USERPROFILE", "");
  EXPECT_EQ(HomeFolder(), "");
}

TEST(IsAbsolutePath, KnowsDrivesAndServers) {
  for (const char* path : {"C:\\", "c:/users", "\\\\server\\share", "//server/share"})
    EXPECT_TRUE(IsAbsolutePath(path)) << path;
  for (const char* path : {"", ".", "C:", "C:x", "\\users", "/users", "users\\me"})
    EXPECT_FALSE(IsAbsolutePath(path)) << path;
}

TEST(SystemCacheFolder, IsTheLocalOneOfTheUser) {
  const TemporaryFolder folder;
  const EnvironmentVariable local("LOCALAPPDATA", folder.path());
  EXPECT_EQ(SystemCacheFolder(), folder.path());
  const EnvironmentVariable relative("LOCALAPPDATA", "tmp");
  const EnvironmentVariable home("USERPROFILE", folder.path());
  EXPECT_EQ(SystemCacheFolder(), folder.path() + "\\AppData\\Local");
}

TEST(PasswordDigest, TellsHowItWasMade) {
  const std::string digest = PasswordDigest("right");
  EXPECT_THAT(digest, StartsWith("$pbkdf2-sha256$200000$"));
  EXPECT_EQ(PasswordDigest("right", digest), digest);
  EXPECT_NE(PasswordDigest("wrong", digest), digest);
}

TEST(PasswordDigest, IsThatOfTheStandard) {
  // PBKDF2-HMAC-SHA256 of "password", 1 round, the salt 00 01 … 1f, by Python's hashlib.
  const std::string setting =
      "$pbkdf2-sha256$1$000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  EXPECT_EQ(PasswordDigest("password", setting + "$"),
            setting + "$d5c731c75fbbbf361a320703ace26dd4da1e5f92084d3b9d483b6692f80e5706");
}

TEST(PasswordDigest, IsNotMadeWithASettingThatNobodyHasMade) {
  const std::string salt(64, '0');
  EXPECT_NE(PasswordDigest("x", "$pbkdf2-sha256$10$" + salt + "$"), "");
  for (const char* rounds : {"0", "-1", "", "x", "99999999999", "4294967297"})
    EXPECT_EQ(PasswordDigest("x", std::string("$pbkdf2-sha256$") + rounds + "$" + salt + "$"), "")
        << rounds;
  EXPECT_EQ(PasswordDigest("x", "$pbkdf2-sha256$10$00$"), "");
  EXPECT_EQ(PasswordDigest("x", "$pbkdf2-sha256$10"), "");
}

TEST(HaveThreadsEnded, IsFalseWhileTheProgramRuns) { EXPECT_FALSE(HaveThreadsEnded()); }

}  // namespace
}  // namespace s2c
