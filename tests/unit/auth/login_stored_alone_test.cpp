// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "client/auth/token_document.h"
#include "client/base/system.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// Nothing is given, and the login is what SignIn() has stored (issue 11).
class LoginStoredAlone : public LoginFixture {
 protected:
  LoginStoredAlone() { EXPECT_TRUE(MakePrivateFolder(cache_folder_)); }

  LastLogin Last() { return {cache_folder_, FakeRealm::kUrl, "client", clock_}; }
  std::unique_ptr<Login> MakeStored(const std::string& user = "me") {
    LoginWays ways;
    ways.username = user;
    ways.last_login = std::make_unique<LastLogin>(Last());
    return Make(WithCache(std::move(ways), user));
  }
  // As SignIn() does in another process.
  void SignIn(const std::string& access, const std::string& refresh,
              const std::string& user = "me") {
    PutIntoCache(MakeToken(access, refresh, clock_), user);
    ASSERT_TRUE(Last().Set(user));
    realm_.Accept(refresh);
  }
  void SignOut(const std::string& user = "me") {
    ASSERT_TRUE(Cache(user)->Remove());
    ASSERT_TRUE(Last().Clear(user));
  }
};

TEST_F(LoginStoredAlone, IsRefreshedAndGoesOnForOthers) {
  SignIn("a", "r");
  const auto login = MakeStored();
  EXPECT_EQ(Get(*login), "a");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a1");
  EXPECT_EQ(Cached(), "a1 r1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("r"));
}

TEST_F(LoginStoredAlone, FollowsANewLoginWhenItIsRenewed) {
  SignIn("a", "r");
  const auto login = MakeStored();
  EXPECT_EQ(Get(*login), "a");
  clock_.Advance(seconds(200));
  SignIn("b", "s");
  clock_.Advance(seconds(80));
  EXPECT_EQ(Get(*login), "b");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(LoginStoredAlone, ThatHasEndedIsOneErrorThatNamesTheCommand) {
  SignIn("a", "r");
  const auto login = MakeStored();
  clock_.Advance(hours(1));
  const auto ended = FailsWith(ErrorKind::kCredentials,
                               AllOf(HasSubstr("the login of 'me' has ended at 2021-07-"),
                                     HasSubstr("log in anew, by `s2c login`,"),
                                     Not(HasSubstr("no credentials")), Not(HasSubstr("since"))));
  EXPECT_THAT(ErrorOf(login->Get()), ended);
  EXPECT_THAT(ErrorOf(login->Get()), ended);
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(LoginStoredAlone, ThatIsRefusedIsOneErrorThatNamesTheCommandAndIsAskedForOnce) {
  SignIn("a", "sesame");
  realm_.refuse_refresh = true;
  const auto login = MakeStored();
  clock_.Advance(seconds(400));
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(ErrorOf(login->Get()),
                FailsWith(ErrorKind::kCredentials,
                          AllOf(HasSubstr("the login has ended"), HasSubstr("by `s2c login`,"),
                                Not(HasSubstr("sesame")))));
  EXPECT_THAT(realm_.Asked(), ElementsAre("sesame"));
}

TEST_F(LoginStoredAlone, GoesOnAtOnceWithANewLoginAfterTheOldOneHasEnded) {
  SignIn("a", "r");
  const auto login = MakeStored();
  clock_.Advance(hours(1));
  EXPECT_THAT(Get(*login), StartsWith("failed"));
  SignIn("b", "s");
  EXPECT_EQ(Get(*login), "b");
}

TEST_F(LoginStoredAlone, IsNotBroughtBackAfterALogout) {
  SignIn("a", "r");
  const auto login = MakeStored();
  EXPECT_EQ(Get(*login), "a");
  SignOut();
  for (const seconds later : {seconds(280), seconds(400)}) {
    clock_.Advance(later);
    // For its last seconds the old token is still good.
    if (later == seconds(400))
      EXPECT_THAT(ErrorOf(login->Get()),
                  FailsWith(ErrorKind::kCredentials,
                            AllOf(HasSubstr("'me' is not logged in"), HasSubstr("`s2c login`"))));
    else
      EXPECT_EQ(Get(*login), "a");
    EXPECT_EQ(CacheBytes(), "(none)");
  }
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(LoginStoredAlone, StaysOfItsAccountWhenAnotherLogsIn) {
  SignIn("a", "r");
  const auto login = MakeStored();
  EXPECT_EQ(Get(*login), "a");
  SignIn("b", "s", "you");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a1");
  EXPECT_EQ(Cached("you"), "b s");
  EXPECT_THAT(realm_.Asked(), ElementsAre("r"));
}

TEST_F(LoginStoredAlone, ThatHasEndedTellsWhoHasLoggedInSince) {
  SignIn("a", "r");
  const auto login = MakeStored();
  EXPECT_EQ(Get(*login), "a");
  SignOut();
  SignIn("b", "s", "you");
  clock_.Advance(hours(1));
  EXPECT_THAT(ErrorOf(login->Get()),
              FailsWith(ErrorKind::kCredentials,
                        AllOf(HasSubstr("'me' is not logged in"),
                              HasSubstr("'you' has logged in since: open it again"))));
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

// Somebody without a login, whose program runs while he logs in.
TEST_F(LoginStoredAlone, IsTheAdviceWhereNobodyIsLoggedIn) {
  LoginWays ways = WithTokenFile();
  ways.last_login = std::make_unique<LastLogin>(Last());
  const auto login = Make(std::move(ways));
  EXPECT_THAT(ErrorOf(login->Get()).message,
              AllOf(HasSubstr("no credentials"), HasSubstr("give some, by `s2c login`, S2C_"),
                    HasSubstr("sen2cli session login")));
  SignIn("a", "r");
  EXPECT_THAT(ErrorOf(login->Get()).message, HasSubstr("'me' has logged in since: open it again"));
}

TEST_F(LoginStoredAlone, IsNoAdviceWhereWhatIsGivenHidesIt) {
  EXPECT_THAT(ErrorOf(Make(WithTokenFile())->Get()).message, Not(HasSubstr("s2c login")));
}

TEST_F(LoginStoredAlone, OfAnOfflineSessionHasNoEnd) {
  const auto token =
      ReadGrantAnswer(R"({"access_token": "a", "refresh_token": "r", "expires_in": 300,
                          "refresh_expires_in": 0})",
                      clock_.Now());
  PutIntoCache(*token);
  realm_.Accept("r");
  clock_.Advance(hours(24 * 800));
  EXPECT_EQ(Get(*MakeStored()), "a1");
}

TEST_F(LoginStoredAlone, InAFileThatIsOpenToOthersSaysSo) {
  SignIn("a", "r");
  SetMode(Cache()->path(), 0644);
  EXPECT_THAT(ErrorOf(MakeStored()->Get()).message,
              AllOf(HasSubstr("is open to others (" + HowToMakePrivate(Cache()->path()) + ")"),
                    HasSubstr("`s2c login`")));
}

}  // namespace
}  // namespace s2c
