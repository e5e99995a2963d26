// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "client/base/system.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/captured_log.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// A refresh token works once: where its successor cannot be stored, all goes well in this process
// and nothing in the next, which is worth a warning (issue 9).
class LostLogin : public LoginFixture {
 protected:
  std::string Warnings() const { return log_.Text(LogLevel::kWarning); }
  // So that the file cannot be locked, as in a folder that is read-only; which it is not for root.
  static void Bar(const TokenStore& store) {
    ASSERT_TRUE(MakePrivateFolder(store.path() + ".lock"));
  }
  void PutIntoTokenFile() {
    ASSERT_TRUE(TokenFile()->Write(MakeToken("filed", "hidden-x", clock_, seconds(400))));
    realm_.Accept("hidden-x");
  }
  // The warning that there is, and no more however long this goes on.
  void ExpectOneWarning(Login& login, const std::string& path, const std::string& why) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_THAT(Get(login), Not(StartsWith("failed")));
      clock_.Advance(seconds(280));
    }
    const std::string warnings = Warnings();
    EXPECT_THAT(warnings, AllOf(HasSubstr("'" + path + "'"), HasSubstr(why),
                                HasSubstr("log in anew"), Not(HasSubstr("hidden"))));
    EXPECT_EQ(warnings.find('\n'), warnings.size() - 1) << warnings;
  }

  CapturedLog log_;
};

TEST_F(LostLogin, OfATokenFileThatCannotBeLockedIsWarnedOfOnce) {
  PutIntoTokenFile();
  Bar(*TokenFile());
  ExpectOneWarning(*Make(WithTokenFile()), token_file_, ".lock' cannot be locked");
}

TEST_F(LostLogin, OfATokenFileThatCannotBeWrittenIsWarnedOfOnce) {
  PutIntoTokenFile();
  const auto login = Make(WithTokenFile());
  const FullDisk full;
  ExpectOneWarning(*login, token_file_, "cannot be written (" + FullDiskReason() + ")");
}

TEST_F(LostLogin, OfACacheThatCannotBeWrittenIsWarnedOfOnce) {
  realm_.Accept("hidden-x");
  PutIntoCache(MakeToken("cached", "hidden-x", clock_, seconds(400)));
  const auto login = Make(WithCache(PasswordOf()));
  const FullDisk full;
  ExpectOneWarning(*login, Cache()->path(), "cannot be written (" + FullDiskReason() + ")");
}

TEST_F(LostLogin, OfAGivenRefreshTokenIsWarnedOfOnce) {
  realm_.Accept("hidden-given");
  ASSERT_TRUE(Cache()->Lock());
  std::remove((Cache()->path() + ".lock").c_str());
  Bar(*Cache());
  ExpectOneWarning(*Make(WithCache(RefreshToken("hidden-given"))), Cache()->path(),
                   ".lock' cannot be locked");
}

TEST_F(LostLogin, OfATokenThatWasTakenWhileItLivedIsWarnedOfOnce) {
  ASSERT_TRUE(TokenFile()->Write(MakeToken("filed", "hidden-x", clock_)));
  realm_.Accept("hidden-x");
  Bar(*TokenFile());
  ExpectOneWarning(*Make(WithTokenFile()), token_file_, ".lock' cannot be locked");
}

TEST_F(LostLogin, IsWarnedOfOnceHoweverOftenTheDiskIsFull) {
  const auto login = Make(WithCache(PasswordOf()));
  EXPECT_EQ(Get(*login), "a1");
  for (const char* expected : {"a2 a3", "a4 a5"}) {
    std::string got;
    clock_.Advance(seconds(280));
    {
      const FullDisk full;
      got = Get(*login);
    }
    clock_.Advance(seconds(280));
    got += " " + Get(*login);
    EXPECT_EQ(got, expected);
    EXPECT_EQ(Cached().substr(0, 2), got.substr(3)) << "with room again, it is stored again";
  }
  const std::string warnings = Warnings();
  EXPECT_EQ(warnings.find('\n'), warnings.size() - 1) << warnings;
}

TEST_F(LostLogin, IsNoneWhereTheRefreshTokenGoesOn) {
  PutIntoTokenFile();
  Bar(*TokenFile());
  realm_.keep_refresh_token = true;
  const auto login = Make(WithTokenFile());
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a2");
  EXPECT_EQ(Warnings(), "");
}

// The user has said so.
TEST_F(LostLogin, IsNoneWithoutATokenCache) {
  realm_.Accept("given");
  EXPECT_EQ(Get(*Make(RefreshToken("given"))), "a1");
  EXPECT_EQ(Warnings(), "");
}

TEST_F(LostLogin, IsNoneWhereNoRefreshTokenIsUsedUp) {
  const auto login = Make(WithCache(PasswordOf()));
  const FullDisk full;
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a2") << "of a token that no file holds";
  EXPECT_EQ(Warnings(), "");
}

}  // namespace
}  // namespace s2c
