// SPDX-License-Identifier: MIT
#include "vsi/user_folders.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class UserFolders : public testing::Test {
 protected:
  // What is said where there is no folder for a token cache.
  std::string WhyNone(const std::string& option, const std::string& home,
                      const std::string& cache_home = "") {
    const EnvironmentVariable variable(kHomeVariable, home);
    const EnvironmentVariable cache("XDG_CACHE_HOME", cache_home);
    log_.Clear();
    EXPECT_EQ(TokenCacheFolder(option), "") << option << " " << home << " " << cache_home;
    return log_.Text(LogLevel::kDebug);
  }
  std::string Folder(const std::string& option, const std::string& cache_home = "") {
    const EnvironmentVariable variable(kHomeVariable, home_.path());
    const EnvironmentVariable cache("XDG_CACHE_HOME", cache_home);
    return TokenCacheFolder(option);
  }

  // As the system writes it, once it has been asked where it is.
  static std::string Whole(const std::string& path) {
    return std::filesystem::absolute(std::filesystem::u8path(path)).u8string();
  }
  std::string Default() const { return home_.path() + kCacheBelowHome + "/gdal_S2C"; }

  TemporaryFolder home_;
  CapturedLog log_;
  // Of Windows' own, which is not below another home.
  const EnvironmentVariable local_{"LOCALAPPDATA", ""};
};

TEST_F(UserFolders, AreBelowTheHomeFolder) {
  const EnvironmentVariable variable(kHomeVariable, home_.path());
  EXPECT_EQ(ExpandHome("~/x y/z", "TOKENFILE"), home_ / "x y/z");
  EXPECT_EQ(ExpandHome("~", "TOKENFILE"), home_.path());
  for (const char* path : {"", "/a/~/b", "x", "./~/x", "~user/x", "~x"})
    EXPECT_EQ(ExpandHome(path, "TOKENFILE"), path);
}

TEST_F(UserFolders, HoldTheTokenCacheWhereTheUserSays) {
  for (const char* yes : {"YES", "true", "ON", "1"}) EXPECT_EQ(Folder(yes), Default());
  for (const char* no : {"NO", "false", "Off", "0", ""}) EXPECT_EQ(Folder(no), "");
  EXPECT_EQ(Folder("/a/b"), Whole("/a/b"));
  EXPECT_EQ(Folder("~/a/b"), Whole(home_ / "a/b"));
  EXPECT_EQ(home_.Names(), "") << "nothing is made before it is needed";
}

TEST_F(UserFolders, HoldWhatIsKeptOfAnswersBesideTheTokensUnlessTheUserSaysElse) {
  const EnvironmentVariable variable(kHomeVariable, home_.path());
  for (const char* yes : {"YES", "true", "ON", "1"}) {
    EXPECT_EQ(AnswerCacheFolder(yes, "/tokens"), "/tokens/answers");
    EXPECT_EQ(AnswerCacheFolder(yes, ""), "") << "who wants no tokens kept";
  }
  for (const char* no : {"NO", "false", "Off", "0", ""})
    EXPECT_EQ(AnswerCacheFolder(no, "/tokens"), "");
  EXPECT_EQ(AnswerCacheFolder("~/a", ""), Whole(home_ / "a"));
  EXPECT_EQ(AnswerCacheFolder("~somebody/a", "/tokens"), "");
  EXPECT_THAT(log_.Text(LogLevel::kDebug), HasSubstr("S2C_ANSWER_CACHE"));
}

TEST_F(UserFolders, CountARelativeOneFromWhereTheProgramStandsNow) {
  const std::filesystem::path before = std::filesystem::current_path();
  EXPECT_EQ(Folder("tokens"), (before / "tokens").string());
  std::filesystem::current_path(home_.path());
  // Windows takes the dot out.
  const auto normal = [](const std::string& path) {
    return std::filesystem::u8path(path).lexically_normal().u8string();
  };
  EXPECT_EQ(normal(Folder("./tokens")), normal(home_ / "tokens"));
  std::filesystem::current_path(before);
}

TEST_F(UserFolders, AreNowhereWithoutAHome) {
  for (const char* option : {"YES", "~/x", "~"}) {
    EXPECT_THAT(WhyNone(option, "."), AllOf(HasSubstr("not an absolute path"),
                                            HasSubstr("memory only"), HasSubstr("no home folder")));
    EXPECT_THAT(WhyNone(option, home_ / "none/home"),
                AllOf(HasSubstr("does not exist"), HasSubstr("memory only")));
    EXPECT_THAT(WhyNone(option, ""), HasSubstr("memory only"));
  }
}

TEST_F(UserFolders, AreNotAnotherUsers) {
  EXPECT_THAT(WhyNone("~somebody/x", home_.path()),
              AllOf(HasSubstr("another user's home"), HasSubstr("S2C_TOKEN_CACHE")));
}

TEST_F(UserFolders, FollowXdgCacheHomeWhereItIsOrMayBeMade) {
  const TemporaryFolder other;
  EXPECT_EQ(Folder("YES", other.path()), other / "gdal_S2C");
  EXPECT_EQ(Folder("YES", home_ / ".caches/mine"), home_ / ".caches/mine/gdal_S2C");
  EXPECT_THAT(WhyNone("YES", home_.path(), other / "none/cache"),
              AllOf(HasSubstr(other / "none/cache"), HasSubstr("does not exist")));
  EXPECT_THAT(WhyNone("YES", home_.path(), home_.path() + "-other/cache"),
              HasSubstr("does not exist"));
  log_.Clear();
  EXPECT_EQ(Folder("YES", "caches"), Default());
  EXPECT_THAT(log_.Text(LogLevel::kDebug), AllOf(HasSubstr("'caches'"), HasSubstr("ignored")));
}

}  // namespace
}  // namespace s2c
