// SPDX-License-Identifier: MIT
#include "client/auth/token_sources.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::FakeTransport;
using testing_support::MakeUrl;

// Keycloak's times: an access token lives 300 s, a refresh token 1800 s.
class PasswordTokens : public testing::Test {
 protected:
  PasswordTokens() {
    transport_.AnswerBy([this](const Request& request) -> Result<Response> {
      const bool refresh = request.body.find("grant_type=refresh_token") != std::string::npos;
      if (refresh ? refuse_refresh_ : refuse_password_)
        return Answer(400, R"({"error": "invalid_grant"})");
      const std::string number = std::to_string(++issued_);
      return Answer(200, R"({"access_token": "a)" + number + R"(", "refresh_token": "r)" + number +
                             R"(", "expires_in": 300, "refresh_expires_in": 1800})");
    });
  }

  std::string Get() { return TextOf(source_.Get()); }
  std::string Replace(const std::string& token) { return TextOf(source_.Replace(Secret(token))); }

  static std::string TextOf(const Result<Secret>& token) {
    return token ? token->Reveal() : "failed: " + token.error().message;
  }

  // The grants that were asked, "password" or the refresh token.
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const Request& request : transport_.requests()) {
      const std::string name = "refresh_token=";
      const std::size_t at = request.body.rfind("&" + name);
      asked.push_back(at == std::string::npos ? "password"
                                              : request.body.substr(at + 1 + name.size()));
    }
    return asked;
  }

  std::atomic<int> issued_{0};
  bool refuse_refresh_ = false;
  bool refuse_password_ = false;
  FakeClock clock_;
  FakeTransport transport_;
  Grants grants_{transport_, clock_, MakeUrl("https://auth.example/r"), "c"};
  PasswordTokenSource source_{grants_, clock_, "me", Secret("pw")};
};

TEST_F(PasswordTokens, AsksNothingBeforeATokenIsWanted) { EXPECT_EQ(transport_.count(), 0U); }

TEST_F(PasswordTokens, KeepsAFreshToken) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(200));
  EXPECT_EQ(Get(), "a1");
  EXPECT_THAT(Asked(), ElementsAre("password"));
}

TEST_F(PasswordTokens, RenewsATokenThatExpiresWithinTheMargin) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(269));
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(2));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(Asked(), ElementsAre("password", "r1"));
}

TEST_F(PasswordTokens, RenewsAnExpiredTokenByTheRefreshTokenWhileThatLives) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(1700));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(Asked(), ElementsAre("password", "r1"));
}

TEST_F(PasswordTokens, TakesTheNewRefreshTokenEachTime) {
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(Get());
    clock_.Advance(seconds(299));
  }
  EXPECT_THAT(Asked(), ElementsAre("password", "r1", "r2", "r3"));
}

TEST_F(PasswordTokens, TakesThePasswordWhenTheRefreshTokenHasExpiredToo) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(1790));
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(Asked(), ElementsAre("password", "password"));
}

TEST_F(PasswordTokens, TakesThePasswordWhenTheRefreshTokenIsRefused) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  refuse_refresh_ = true;
  EXPECT_EQ(Get(), "a2");
  EXPECT_THAT(Asked(), ElementsAre("password", "r1", "password"));
}

TEST_F(PasswordTokens, TakesThePasswordWhereNoRefreshTokenCame) {
  transport_.Then(Answer(200, R"({"access_token": "a", "expires_in": 300})"));
  EXPECT_EQ(Get(), "a");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(), "a1");
  EXPECT_THAT(Asked(), ElementsAre("password", "password"));
}

TEST_F(PasswordTokens, FailsWhenBothAreRefused) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  refuse_refresh_ = refuse_password_ = true;
  EXPECT_THAT(ErrorOf(source_.Get()),
              FailsWith(ErrorKind::kCredentials, HasSubstr("S2C_PASSWORD")));
}

TEST_F(PasswordTokens, FailsWhenTheFirstLoginIsRefused) {
  refuse_password_ = true;
  EXPECT_THAT(ErrorOf(source_.Get()), FailsWith(ErrorKind::kCredentials, HasSubstr("'me'")));
  EXPECT_THAT(Asked(), ElementsAre("password"));
}

TEST_F(PasswordTokens, TriesAgainAfterAFailure) {
  transport_.Then(Fail(ErrorKind::kUnreachable, "x"));
  EXPECT_EQ(ErrorOf(source_.Get()).kind, ErrorKind::kUnreachable);
  EXPECT_EQ(Get(), "a1");
}

TEST_F(PasswordTokens, SendsNoPasswordWhenTheServerIsOnlyDown) {
  EXPECT_EQ(Get(), "a1");
  clock_.Advance(seconds(400));
  transport_.Then(Answer(503));
  EXPECT_EQ(ErrorOf(source_.Get()).kind, ErrorKind::kServer);
  EXPECT_THAT(Asked(), ElementsAre("password", "r1"));
  EXPECT_EQ(Get(), "a2") << "and the refresh token is kept for the next time";
  EXPECT_THAT(Asked(), ElementsAre("password", "r1", "r1"));
}

TEST_F(PasswordTokens, ReplacesARefusedToken) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_THAT(Asked(), ElementsAre("password", "r1"));
  EXPECT_EQ(Get(), "a2");
}

TEST_F(PasswordTokens, DoesNotAskAgainForATokenThatWasReplacedAlready) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_EQ(Replace("a1"), "a2");
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(PasswordTokens, AsksAgainWhenTheReplacedTokenHasExpiredToo) {
  EXPECT_EQ(Get(), "a1");
  EXPECT_EQ(Replace("a1"), "a2");
  clock_.Advance(seconds(301));
  EXPECT_EQ(Replace("a1"), "a3");
}

TEST_F(PasswordTokens, ReplaceLogsInWhereThereIsNoToken) {
  EXPECT_EQ(Replace("from-before"), "a1");
  EXPECT_THAT(Asked(), ElementsAre("password"));
}

TEST_F(PasswordTokens, UsesAVeryShortTokenForMostOfItsLife) {
  transport_.Then(Answer(200, R"({"access_token": "short", "expires_in": 8})"));
  EXPECT_EQ(Get(), "short");
  clock_.Advance(seconds(5));
  EXPECT_EQ(Get(), "short");
  clock_.Advance(seconds(2));
  EXPECT_EQ(Get(), "a1");
}

TEST_F(PasswordTokens, GivesOutATokenWithoutLifetimeOnceEach) {
  transport_.Then(Answer(200, R"({"access_token": "dead", "expires_in": -5})"));
  EXPECT_EQ(Get(), "dead");
  EXPECT_EQ(Get(), "a1");
}

template <class Body>
void InThreads(int count, Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(body);
  for (std::thread& thread : threads) thread.join();
}

TEST_F(PasswordTokens, AreAskedOnceHoweverManyThreadsWant) {
  std::atomic<int> right{0};
  transport_.Hold();
  std::thread release([&] {
    transport_.AwaitWaiting(1);
    transport_.Release();
  });
  InThreads(16, [&] { right += Get() == "a1"; });
  release.join();
  EXPECT_EQ(right, 16);
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(PasswordTokens, AreReplacedOnceHoweverManyThreadsWereRefused) {
  EXPECT_EQ(Get(), "a1");
  std::atomic<int> right{0};
  InThreads(16, [&] { right += Replace("a1") == "a2"; });
  EXPECT_EQ(right, 16);
  EXPECT_THAT(Asked(), ElementsAre("password", "r1"));
}

TEST(GivenToken, IsGivenOutAsItIs) {
  GivenTokenSource source(Secret("given"));
  EXPECT_EQ(source.Get()->Reveal(), "given");
  EXPECT_EQ(source.Get()->Reveal(), "given");
}

TEST(GivenToken, CannotBeReplaced) {
  GivenTokenSource source(Secret("sesame"));
  const Error error = ErrorOf(source.Replace(Secret("sesame")));
  EXPECT_THAT(error, FailsWith(ErrorKind::kCredentials, HasSubstr("S2C_ACCESS_TOKEN")));
  EXPECT_THAT(error.message, testing::Not(HasSubstr("sesame")));
  EXPECT_EQ(error.http_status, 401);
}

TEST(NoToken, NamesTheWaysToLogIn) {
  NoTokenSource source;
  const auto names_options = FailsWith(
      ErrorKind::kCredentials,
      AllOf(HasSubstr("S2C_USERNAME"), HasSubstr("S2C_PASSWORD"), HasSubstr("S2C_ACCESS_TOKEN")));
  EXPECT_THAT(ErrorOf(source.Get()), names_options);
  EXPECT_THAT(ErrorOf(source.Replace(Secret("x"))), names_options);
}

}  // namespace
}  // namespace s2c
