// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// Whose tokens open for whom: each login is another process, and the cache is theirs (issue 9).
class LoginByPassword : public LoginFixture {
 protected:
  void SetUp() override { realm_.wrong_password = "guess"; }

  std::unique_ptr<Login> MakeCached(const std::string& password) {
    return Make(WithCache(PasswordOf("me", password)));
  }
  std::unique_ptr<Login> MakeWithoutPassword() {
    LoginWays ways;
    ways.username = "me";
    return Make(WithCache(std::move(ways)));
  }
  // As versions before this test have left it.
  void ForgetThePassword() {
    const auto cache = Cache();
    const auto lock = cache->Lock();
    auto token = cache->Read();
    ASSERT_TRUE(lock && token);
    token->password_digest.clear();
    ASSERT_TRUE(cache->Write(*token));
  }
};

TEST_F(LoginByPassword, OpensTheCacheForTheOneThatBroughtItWithoutARequest) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginByPassword, OpensTheCacheForWhoGivesNoneWithoutARequest) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_EQ(Get(*MakeWithoutPassword()), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginByPassword, IsRefusedForAnotherAndWhatIsStoredStays) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  const std::string before = CacheBytes();
  EXPECT_THAT(ErrorOf(MakeCached("guess")->Get()),
              FailsWith(ErrorKind::kCredentials, HasSubstr("login of 'me' was refused")));
  EXPECT_EQ(CacheBytes(), before);
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
}

TEST_F(LoginByPassword, RefreshesNothingForAnother) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  clock_.Advance(seconds(400));
  EXPECT_THAT(Get(*MakeCached("guess")), StartsWith("failed"));
  EXPECT_EQ(Get(*MakeCached("right")), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me", "r1"));
}

TEST_F(LoginByPassword, IsHeldToAfterTheServerRefusedAToken) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_THAT(Replace(*MakeCached("guess"), "of another day"), StartsWith("failed"));
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
}

TEST_F(LoginByPassword, IsNotTriedAgainAtOnceWhenItIsRefused) {
  const auto login = MakeCached("guess");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(Get(*login), StartsWith("failed"));
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginByPassword, OpensWhatARefreshOfItsTokensBrought) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*MakeWithoutPassword()), "a2");
  EXPECT_EQ(Get(*MakeCached("right")), "a2");
  EXPECT_THAT(Get(*MakeCached("guess")), StartsWith("failed"));
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me"));
}

TEST_F(LoginByPassword, IsKnownAgainInWhatWasKeptInMemory) {
  const auto login = MakeCached("right");
  {
    const FullDisk full;
    EXPECT_EQ(Get(*login), "a1");
  }
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*login), "a2");
  EXPECT_EQ(Get(*MakeCached("right")), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(LoginByPassword, LogsInWhereNothingSaysWhichOneBroughtTheTokens) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  ForgetThePassword();
  EXPECT_THAT(Get(*MakeCached("guess")), StartsWith("failed"));
  EXPECT_EQ(Get(*MakeWithoutPassword()), "a1");
  EXPECT_EQ(Get(*MakeCached("right")), "a2");
  EXPECT_EQ(Get(*MakeCached("right")), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me", "password me"));
}

// While it is changed, or where a server takes two.
TEST_F(LoginByPassword, ThatIsAnotherAndGoodReplacesWhatIsStored) {
  const auto first = MakeCached("old");
  EXPECT_EQ(Get(*first), "a1");
  EXPECT_EQ(Get(*MakeCached("new")), "a2");
  EXPECT_EQ(Cached(), "a2 r2");
  EXPECT_EQ(Get(*MakeCached("new")), "a2");
  EXPECT_EQ(Get(*first), "a1") << "which is good for some minutes yet";
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*first), "a3") << "by a login of its own";
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me", "password me"));
}

TEST_F(LoginByPassword, ThatCannotBeHadOpensNothing) {
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  LoginWays ways = WithCache(PasswordOf());
  ways.password = [] { return Fail(ErrorKind::kCredentials, "no such password file"); };
  EXPECT_EQ(Get(*Make(std::move(ways))), "failed: no such password file");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginByPassword, IsAskedForOnceInARenewal) {
  int asked = 0;
  LoginWays ways = WithCache(PasswordOf());
  ways.password = [&asked]() -> Result<Secret> {
    ++asked;
    return Secret("changed");
  };
  EXPECT_EQ(Get(*MakeCached("right")), "a1");
  EXPECT_EQ(Get(*Make(std::move(ways))), "a2");
  EXPECT_EQ(asked, 1);
}

TEST_F(LoginByPassword, OfWhichNoDigestCanBeMadeLogsInEachTime) {
  const std::string cut = PasswordWithoutDigest();
  EXPECT_EQ(Get(*MakeCached(cut)), "a1");
  EXPECT_EQ(Get(*MakeCached(cut)), "a2");
  EXPECT_EQ(Get(*MakeCached(std::string("right\0", 6))), "a3");
  EXPECT_EQ(Get(*MakeCached("right")), "a4");
  EXPECT_EQ(Cached(), "a4 r4");
}

TEST_F(LoginByPassword, IsNotInItsFileAndIsInNoMessage) {
  const CapturedLog log;
  EXPECT_EQ(Get(*MakeCached("hidden-right")), "a1");
  EXPECT_THAT(CacheBytes(), AllOf(HasSubstr("s2c_password_digest"), Not(HasSubstr("hidden"))));
  EXPECT_EQ(Get(*MakeCached("hidden-other")), "a2");
  EXPECT_THAT(log.Text(LogLevel::kDebug),
              AllOf(HasSubstr(Cache()->path()), HasSubstr("by the given password"),
                    Not(HasSubstr("hidden"))));
}

// The refresh token is a key of its own: see Session, which gives it a file of its own.
TEST_F(LoginByPassword, BesideARefreshTokenOpensWhatFollowsThat) {
  realm_.Accept("given");
  const auto make = [this](const std::string& password) {
    LoginWays ways = WithCache(PasswordOf("me", password));
    ways.refresh_token = Secret("given");
    return Make(std::move(ways));
  };
  EXPECT_EQ(Get(*make("right")), "a1");
  EXPECT_EQ(Get(*make("guess")), "a1");
  realm_.refuse_refresh = true;
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*make("right")), "a2") << "this one by the password";
  EXPECT_EQ(Get(*make("right")), "a2");
  EXPECT_THAT(Get(*make("guess")), StartsWith("failed"));
}

TEST_F(LoginByPassword, LeavesATokenFileWithoutADigest) {
  ASSERT_TRUE(TokenFile()->Write(MakeToken("filed", "x", clock_, seconds(400))));
  realm_.Accept("x");
  EXPECT_EQ(Get(*Make(WithTokenFile(WithCache(PasswordOf())))), "a1");
  EXPECT_THAT(ReadText(token_file_), AllOf(HasSubstr("\"r1\""), Not(HasSubstr("s2c_"))));
}

}  // namespace
}  // namespace s2c
