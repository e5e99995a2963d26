// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/captured_log.h"
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

using GivenAccessToken = LoginFixture;

TEST_F(GivenAccessToken, IsGivenOutAsItIs) {
  const auto login = Make(AccessToken("given"));
  EXPECT_EQ(Get(*login), "given");
  clock_.Advance(hours(24));
  EXPECT_EQ(Get(*login), "given");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(GivenAccessToken, AloneCannotBeReplaced) {
  const auto login = Make(AccessToken("sesame"));
  EXPECT_EQ(Get(*login), "sesame");
  const Error error = ErrorOf(login->Replace(Secret("sesame")));
  EXPECT_THAT(error, FailsWith(ErrorKind::kCredentials,
                               AllOf(HasSubstr("S2C_ACCESS_TOKEN"), HasSubstr("was refused"),
                                     HasSubstr("expired"), Not(HasSubstr("sesame")))));
  EXPECT_EQ(error.http_status, 401);
}

TEST_F(GivenAccessToken, GoesBeforeEveryOtherWay) {
  realm_.Accept("given-refresh");
  PutIntoCache(MakeToken("cached", "x", clock_));
  WriteText(token_file_, ReadText(Cache()->path()));
  LoginWays ways = WithTokenFile(WithCache(PasswordOf()));
  ways.access_token = Secret("given");
  ways.refresh_token = Secret("given-refresh");
  EXPECT_EQ(Get(*Make(std::move(ways))), "given");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(GivenAccessToken, MakesWayForTheNextWhenItIsRefused) {
  LoginWays ways = PasswordOf();
  ways.access_token = Secret("given");
  const auto login = Make(std::move(ways));
  EXPECT_EQ(Get(*login), "given");
  EXPECT_EQ(Replace(*login, "given"), "a1");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a2") << "it does not come back";
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(GivenAccessToken, IsStillGivenOutAfterAnotherTokenWasRefused) {
  const auto login = Make(AccessToken("given"));
  EXPECT_EQ(Replace(*login, "another"), "given");
}

TEST_F(GivenAccessToken, IsWrittenNowhere) {
  LoginWays ways = WithTokenFile(WithCache(PasswordOf()));
  ways.access_token = Secret("given");
  EXPECT_EQ(Get(*Make(std::move(ways))), "given");
  EXPECT_EQ(folder_.Names(), "");
}

class WaysInOrder : public LoginFixture {
 protected:
  // All but a given access token.
  LoginWays All() {
    LoginWays ways = WithTokenFile(WithCache(PasswordOf()));
    ways.refresh_token = Secret("given");
    return ways;
  }
  void SetUp() override { realm_.Accept("given"); }
  void PutIntoTokenFile(const Token& token) { ASSERT_TRUE(TokenFile()->Write(token)); }
};

TEST_F(WaysInOrder, TheCacheIsFirst) {
  PutIntoCache(MakeToken("cached", "x", clock_));
  PutIntoTokenFile(MakeToken("filed", "y", clock_));
  EXPECT_EQ(Get(*Make(All())), "cached");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(WaysInOrder, TheTokenFileIsSecond) {
  PutIntoTokenFile(MakeToken("filed", "y", clock_));
  EXPECT_EQ(Get(*Make(All())), "filed");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(WaysInOrder, AStoredRefreshTokenGoesBeforeTheGivenOne) {
  PutIntoCache(MakeToken("cached", "x", clock_, seconds(400)));
  realm_.Accept("x");
  EXPECT_EQ(Get(*Make(All())), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("x"));
}

TEST_F(WaysInOrder, TheGivenRefreshTokenIsThird) {
  EXPECT_EQ(Get(*Make(All())), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("given"));
}

TEST_F(WaysInOrder, ThePasswordIsLast) {
  realm_.refuse_refresh = true;
  EXPECT_EQ(Get(*Make(All())), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "password me"));
}

TEST_F(WaysInOrder, EachIsTriedWhenTheOneBeforeIsRefused) {
  PutIntoTokenFile(MakeToken("filed", "y", clock_, seconds(400)));
  PutIntoCache(MakeToken("cached", "x", clock_, seconds(400)));
  EXPECT_EQ(Get(*Make(All())), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("x", "y", "given"));
}

using GivenRefreshToken = LoginFixture;

TEST_F(GivenRefreshToken, IsUsedOnceAndThenItsSuccessors) {
  realm_.Accept("given");
  const auto login = Make(RefreshToken("given"));
  for (const char* expected : {"a1", "a2", "a3"}) {
    EXPECT_EQ(Get(*login), expected);
    clock_.Advance(seconds(299));
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "r1", "r2"));
}

// Using it twice would end the session for all (RFC 6749, section 10.4).
TEST_F(GivenRefreshToken, IsNotUsedAgainWhenASuccessorIsRefused) {
  realm_.Accept("given");
  const auto login = Make(RefreshToken("given"));
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(299));
  EXPECT_EQ(Get(*login), "a2");
  clock_.Advance(seconds(299));
  realm_.refuse_refresh = true;
  EXPECT_EQ(Get(*login), "a2") << "for its last second";
  clock_.Advance(seconds(20));
  EXPECT_THAT(ErrorOf(login->Get()), FailsWith(ErrorKind::kCredentials, HasSubstr("has ended")));
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "r1", "r2"));
}

TEST_F(GivenRefreshToken, IsKeptWhereTheServerIsDown) {
  realm_.Accept("given");
  const auto login = Make(RefreshToken("given"));
  realm_.down = 503;
  EXPECT_THAT(Get(*login), StartsWith("failed"));
  realm_.down = 0;
  EXPECT_EQ(Get(*login), "a1");
}

TEST_F(GivenRefreshToken, ThatIsRefusedSaysThatTheLoginHasEnded) {
  const Error error = ErrorOf(Make(RefreshToken("sesame"))->Get());
  EXPECT_THAT(error, FailsWith(ErrorKind::kCredentials,
                               AllOf(HasSubstr("has ended"), HasSubstr("Token is not active"),
                                     HasSubstr("S2C_REFRESH_TOKEN"), Not(HasSubstr("sesame")))));
  EXPECT_EQ(error.http_status, 401);
}

TEST_F(GivenRefreshToken, AfterALoginHasEndedMakesWayForThePassword) {
  LoginWays ways = PasswordOf();
  ways.refresh_token = Secret("old");
  EXPECT_EQ(Get(*Make(std::move(ways))), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("old", "password me"));
}

using NoCredentials = LoginFixture;

TEST_F(NoCredentials, AreOneErrorThatNamesEveryWay) {
  const auto login = Make({});
  for (const Error& error : {ErrorOf(login->Get()), ErrorOf(login->Replace(Secret("x")))}) {
    EXPECT_THAT(error,
                FailsWith(ErrorKind::kCredentials,
                          AllOf(HasSubstr("S2C_ACCESS_TOKEN"), HasSubstr("S2C_TOKENFILE"),
                                HasSubstr("sen2cli session login"), HasSubstr("S2C_REFRESH_TOKEN"),
                                HasSubstr("S2C_USERNAME"), HasSubstr("S2C_PASSWORD"),
                                HasSubstr("S2C_PASSWORD_FILE"), Not(HasSubstr("\n")))));
    EXPECT_EQ(error.http_status, 0);
  }
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(NoCredentials, IsAUserWithoutAPassword) {
  LoginWays ways;
  ways.username = "me";
  EXPECT_THAT(ErrorOf(Make(std::move(ways))->Get()),
              FailsWith(ErrorKind::kCredentials, HasSubstr("S2C_PASSWORD")));
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(NoCredentials, AreLookedForAgainOnceTheyAreThere) {
  const auto login = Make(WithTokenFile());
  EXPECT_THAT(Get(*login), StartsWith("failed"));
  // As `sen2cli session login` does meanwhile.
  ASSERT_TRUE(TokenFile()->Write(MakeToken("filed", "y", clock_)));
  clock_.Advance(seconds(11));
  EXPECT_EQ(Get(*login), "filed");
}

TEST_F(LoginFixture, NoErrorAndNoMessageShowsASecret) {
  realm_.prefix = "hidden-";
  realm_.Accept("hidden-given");
  CapturedLog log;
  std::string all;
  LoginWays ways = WithTokenFile(WithCache(PasswordOf()));
  ways.access_token = Secret("hidden-access");
  ways.refresh_token = Secret("hidden-given");
  const auto login = Make(std::move(ways));
  EXPECT_EQ(Get(*login), "hidden-access");
  EXPECT_EQ(Replace(*login, "hidden-access"), "hidden-a1");
  for (const int down : {0, 400, 401, 403, 404, 500, 503, -1}) {
    realm_.down = down;
    realm_.refuse_refresh = realm_.refuse_password = down == 0;
    clock_.Advance(seconds(400));
    all += Get(*login) + "\n" + Replace(*login, "hidden-a1") + "\n";
  }
  const auto given = Make(AccessToken("hidden-access"));
  all += Replace(*given, "hidden-access") + "\n" + Get(*Make(RefreshToken("hidden-x"))) + "\n";
  all += log.Text(LogLevel::kDebug) + log.Text(LogLevel::kWarning);
  EXPECT_THAT(all, HasSubstr("refused"));
  EXPECT_THAT(all,
              AllOf(Not(HasSubstr("hidden")), Not(HasSubstr(kPassword)), Not(HasSubstr("p%2Bw"))));
}

}  // namespace
}  // namespace s2c
