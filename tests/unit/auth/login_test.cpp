// SPDX-License-Identifier: MIT
#include "client/auth/login.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/unit/auth/login_fixture.h"
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

class PasswordLogin : public LoginFixture {
 protected:
  std::string Get() { return testing_support::Get(*login_); }
  std::string Replace(const std::string& refused) {
    return testing_support::Replace(*login_, refused);
  }

  std::unique_ptr<Login> login_ = Make(PasswordOf("me"));
};

TEST_F(PasswordLogin, AsksNothingBeforeATokenIsWanted) { EXPECT_THAT(realm_.Asked(), IsEmpty()); }

TEST_F(PasswordLogin, KeepsAFreshToken) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(200));
  EXPECT_EQ(Get(), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(PasswordLogin, RenewsATokenThatExpiresWithinTheMargin) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(269));
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(2));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(PasswordLogin, RenewsAnExpiredTokenByTheRefreshTokenWhileThatLives) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(1700));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(PasswordLogin, TakesTheNewRefreshTokenEachTime) {
  for (const char* expected : {"a1", "a2", "a3", "a4"}) {
    EXPECT_EQ(Get(), expected);
    clock_.Advance(seconds(299));
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r2", "r3"));
}

TEST_F(PasswordLogin, TakesThePasswordWhenTheRefreshTokenHasExpiredToo) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(1795));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
}

TEST_F(PasswordLogin, TakesThePasswordWhenTheRefreshTokenIsRefused) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  realm_.refuse_refresh = true;
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me"));
}

TEST_F(PasswordLogin, NeverSendsARefusedRefreshTokenAgain) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  realm_.refuse_refresh = realm_.refuse_password = true;
  EXPECT_THAT(Get(), StartsWith("failed"));
  clock_.Advance(seconds(11));
  EXPECT_THAT(Get(), StartsWith("failed"));
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me", "password me"));
}

TEST_F(PasswordLogin, TakesThePasswordWhereNoRefreshTokenCame) {
  realm_.transport().Then(Answer(200, R"({"access_token": "a", "expires_in": 300})"));
  EXPECT_EQ(Get(), "a");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
}

// RFC 6749, section 6: the answer may come without a new refresh token.
TEST_F(PasswordLogin, GoesOnWithTheRefreshTokenOfAServerThatDoesNotRotateThem) {
  const auto answer = [](const char* access) {
    return Answer(200, std::string(R"({"access_token": ")") + access + R"(", "expires_in": 300})");
  };
  EXPECT_EQ(Get(), "a1");
  for (const char* access : {"b1", "b2", "b3"}) {
    clock_.Advance(seconds(300));
    realm_.transport().Then(answer(access));
    EXPECT_EQ(Get(), access);
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r1", "r1"));
}

TEST_F(PasswordLogin, GoesOnWithARefreshTokenThatCameBackAsItWas) {
  EXPECT_EQ(Get(), "a1");
  for (const char* access : {"b1", "b2"}) {
    clock_.Advance(seconds(300));
    realm_.transport().Then(Answer(200, std::string(R"({"access_token": ")") + access +
                                            R"(", "refresh_token": "r1", "expires_in": 300})"));
    EXPECT_EQ(Get(), access);
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r1"));
}

TEST_F(PasswordLogin, FailsOnceWhenBothAreRefused) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  realm_.refuse_refresh = realm_.refuse_password = true;
  EXPECT_THAT(ErrorOf(login_->Get()),
              FailsWith(ErrorKind::kCredentials,
                        AllOf(HasSubstr("'me'"), HasSubstr("S2C_PASSWORD"),
                              HasSubstr("S2C_PASSWORD_FILE"), Not(HasSubstr("\n")))));
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me"));
}

TEST_F(PasswordLogin, RemembersARefusalForTenSeconds) {
  realm_.refuse_password = true;
  const std::string refused = Get();
  EXPECT_THAT(refused, HasSubstr("'me' was refused"));
  clock_.Advance(seconds(9));
  EXPECT_EQ(Get(), refused);
  EXPECT_EQ(Replace("x"), refused);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(PasswordLogin, AsksAgainTenSecondsAfterARefusal) {
  realm_.refuse_password = true;
  EXPECT_THAT(Get(), StartsWith("failed"));
  realm_.refuse_password = false;
  clock_.Advance(seconds(11));
  EXPECT_EQ(Get(), "a1");
}

// Servers lock accounts that fail too often, and a token in its last seconds is asked for often.
TEST_F(PasswordLogin, RemembersARefusalAlsoWhileTheOldTokenLives) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(275));
  realm_.refuse_refresh = realm_.refuse_password = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Get(), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me"));
}

TEST_F(PasswordLogin, UsesTheOldTokenWhileItLivesWhereTheServerIsDown) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(290));
  for (const int down : {503, 500, 404, -1}) {
    realm_.down = down;
    EXPECT_EQ(Get(), "a1") << down;
  }
  realm_.down = 0;
  EXPECT_EQ(Get(), "a2") << "and the refresh token is as good as before";
}

TEST_F(PasswordLogin, SendsNoPasswordWhenTheServerIsOnlyDown) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  realm_.down = 503;
  EXPECT_EQ(ErrorOf(login_->Get()).kind, ErrorKind::kServer);
  realm_.down = -1;
  EXPECT_EQ(ErrorOf(login_->Get()).kind, ErrorKind::kUnreachable);
  realm_.down = 0;
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r1", "r1"));
}

TEST_F(PasswordLogin, TriesAgainAtOnceAfterTheServerWasDown) {
  realm_.down = -1;
  EXPECT_EQ(ErrorOf(login_->Get()).kind, ErrorKind::kUnreachable);
  realm_.down = 0;
  EXPECT_EQ(Get(), "a1");
}

TEST_F(PasswordLogin, ReplacesARefusedToken) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
  EXPECT_EQ(Get(), "a2");
}

TEST_F(PasswordLogin, DoesNotAskAgainForATokenThatWasReplacedAlready) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_EQ(realm_.Asked().size(), 2U);
}

TEST_F(PasswordLogin, AsksAgainWhenTheReplacedTokenHasExpiredToo) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  clock_.Advance(seconds(301));
  EXPECT_EQ(Replace("a1"), "a3");
}

TEST_F(PasswordLogin, DoesNotHandBackARefusedTokenWhereTheServerIsDown) {
  EXPECT_EQ(Get(), "a1");
  realm_.down = 503;
  EXPECT_EQ(ErrorOf(login_->Replace(Secret("a1"))).kind, ErrorKind::kServer);
}

TEST_F(PasswordLogin, ReplaceLogsInWhereThereIsNoToken) {
  EXPECT_EQ(Replace("from-before"), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(PasswordLogin, UsesAVeryShortTokenForMostOfItsLife) {
  realm_.transport().Then(Answer(200, R"({"access_token": "short", "expires_in": 8})"));
  EXPECT_EQ(Get(), "short");
  clock_.Advance(seconds(5));
  EXPECT_EQ(Get(), "short");
  clock_.Advance(seconds(2));
  EXPECT_EQ(Get(), "a1");
}

TEST_F(PasswordLogin, GivesOutATokenWithoutLifetimeOnceEach) {
  realm_.transport().Then(Answer(200, R"({"access_token": "dead", "expires_in": -5})"));
  EXPECT_EQ(Get(), "dead");
  EXPECT_EQ(Get(), "a1");
}

TEST_F(PasswordLogin, DoesNotMindWhereTheWallClockIsSet) {
  EXPECT_EQ(Get(), "a1");
  for (const double epoch : {0.0, 4e9}) {
    clock_.SetEpoch(epoch);
    EXPECT_EQ(Get(), "a1") << epoch;
  }
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(), "a2");
}

TEST_F(PasswordLogin, AsksForThePasswordOnlyWhenItIsSent) {
  int asked = 0;
  LoginWays ways = PasswordOf();
  ways.password = [&asked] {
    ++asked;
    return Secret("pw");
  };
  const auto login = Make(std::move(ways));
  EXPECT_EQ(testing_support::Get(*login), "a1");
  clock_.Advance(seconds(280));
  EXPECT_EQ(testing_support::Get(*login), "a2");
  EXPECT_EQ(asked, 1);
  clock_.Advance(seconds(2000));
  EXPECT_EQ(testing_support::Get(*login), "a3");
  EXPECT_EQ(asked, 2);
}

TEST_F(PasswordLogin, TellsOfAnExceptionAndGoesOnAfterIt) {
  LoginWays ways = PasswordOf();
  bool broken = true;
  ways.password = [&broken]() -> Result<Secret> {
    if (broken) throw std::runtime_error("out of luck");
    return Secret("pw");
  };
  const auto login = Make(std::move(ways));
  EXPECT_THAT(ErrorOf(login->Get()).message, HasSubstr("out of luck"));
  broken = false;
  EXPECT_EQ(testing_support::Get(*login), "a1");
}

TEST_F(PasswordLogin, HandsOnWhyThereIsNoPassword) {
  LoginWays ways = PasswordOf();
  ways.password = []() -> Result<Secret> { return Fail(ErrorKind::kCredentials, "no such file"); };
  EXPECT_THAT(ErrorOf(Make(std::move(ways))->Get()),
              FailsWith(ErrorKind::kCredentials, "no such file"));
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

}  // namespace
}  // namespace s2c
