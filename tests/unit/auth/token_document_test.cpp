// SPDX-License-Identifier: MIT
#include "client/auth/token_document.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_clock.h"

namespace s2c {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing_support::FakeClock;
using testing_support::MakeJson;

class TokenDocument : public testing::Test {
 protected:
  // sen2cli's format; expires_at is `left` seconds from now.
  std::string File(double left, const std::string& more = "") const {
    return R"({"access_token": "a", "refresh_token": "r", "expires_in": 300,)"
           R"( "refresh_expires_in": 1800, "expires_at": )" +
           std::to_string(clock_.EpochSeconds() + left) + more + "}";
  }
  // How long the tokens still live, in whole seconds.
  static std::int64_t Round(Clock::Duration duration) {
    return std::chrono::duration_cast<seconds>(duration + std::chrono::milliseconds(500)).count();
  }
  std::int64_t AccessLeft(const std::string& file) const {
    return Round(ReadTokenFile(file, clock_).value().access_expires - clock_.Now());
  }
  std::int64_t RefreshLeft(const std::string& file) const {
    return Round(ReadTokenFile(file, clock_).value().refresh_expires - clock_.Now());
  }

  FakeClock clock_;
};

TEST_F(TokenDocument, AnAnswerCountsFromWhenItWasAskedFor) {
  const auto asked = clock_.Now() - seconds(20);
  const auto token = ReadGrantAnswer(
      R"({"access_token": "a", "refresh_token": "r", "expires_in": 300, "refresh_expires_in": 1800})",
      asked);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->access_expires, asked + seconds(300));
  EXPECT_EQ(token->refresh_expires, asked + seconds(1800));
  EXPECT_EQ(token->refresh_lifetime, seconds(1800));
  EXPECT_THAT(token->answer.Reveal(), HasSubstr("refresh_expires_in"));
}

// Keycloak says 0 for an offline session.
TEST_F(TokenDocument, ARefreshTokenWithoutAnEndLastsLongerThanAnyProcess) {
  for (const char* end : {"", R"(, "refresh_expires_in": 0)", R"(, "refresh_expires_in": null)"}) {
    const auto token = ReadGrantAnswer(
        std::string(R"({"access_token": "a", "refresh_token": "r")") + end + "}", clock_.Now());
    ASSERT_TRUE(token) << end;
    EXPECT_TRUE(token->CanRefresh(clock_.Now() + hours(24 * 30))) << end;
  }
}

// However old a file of it is (issue 11).
TEST_F(TokenDocument, AFileOfALoginWithoutAnEndHasNone) {
  const std::string offline = R"({"access_token": "a", "refresh_token": "r", "expires_in": 300,)"
                              R"( "refresh_expires_in": 0})";
  std::string file = WriteTokenFile(*ReadGrantAnswer(offline, clock_.Now()), "", clock_, {});
  for (int year = 0; year < 3; ++year) {
    clock_.Advance(hours(24 * 366));
    const auto token = ReadTokenFile(file, clock_);
    ASSERT_TRUE(token) << year;
    EXPECT_EQ(AccessLeft(file), 0);
    EXPECT_TRUE(token->CanRefresh(clock_.Now())) << year;
    EXPECT_TRUE(std::isinf(token->login_ends)) << year;
    file = WriteTokenFile(*token, file, clock_, {});
  }
}

TEST_F(TokenDocument, IsNoTokenWithoutAnAccessToken) {
  for (const char* text : {"", "null", "[]", "{}", "<html>", R"({"access_token": null})",
                           R"({"access_token": ""})", R"({"access_token": {"a": 1}})"}) {
    EXPECT_FALSE(ReadGrantAnswer(text, clock_.Now())) << text;
    EXPECT_FALSE(ReadTokenFile(text, clock_)) << text;
  }
}

TEST_F(TokenDocument, AFileNeedsExpiresAt) {
  EXPECT_FALSE(ReadTokenFile(R"({"access_token": "a", "refresh_token": "r"})", clock_));
  EXPECT_FALSE(ReadTokenFile(R"({"access_token": "a", "expires_at": null})", clock_));
  EXPECT_FALSE(ReadTokenFile(R"({"access_token": "a", "expires_at": "soon"})", clock_));
}

TEST_F(TokenDocument, AFileIsReadAsSen2cliWroteIt) {
  const auto token = ReadTokenFile(File(300), clock_);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->access.Reveal(), "a");
  EXPECT_EQ(token->refresh.Reveal(), "r");
  EXPECT_EQ(token->access_lifetime, seconds(300));
  EXPECT_TRUE(token->IsFresh(clock_.Now()));
}

// After a login oauthlib writes a list and a fraction; what others have written since has a text
// and whole seconds.
TEST_F(TokenDocument, AFileIsReadInBothOfItsShapes) {
  for (const char* more : {R"(, "scope": ["email", "profile"], "token_type": "Bearer")",
                           R"(, "scope": "email profile", "id_token": null)"}) {
    for (const double left : {299.75, 300.0}) EXPECT_EQ(AccessLeft(File(left, more)), 300) << more;
  }
}

TEST_F(TokenDocument, AFileAgesByTheWallClock) {
  const std::string file = File(300);
  clock_.Advance(seconds(100));
  EXPECT_EQ(AccessLeft(file), 200);
  EXPECT_EQ(RefreshLeft(file), 1700);
  clock_.Advance(seconds(900));
  EXPECT_EQ(AccessLeft(file), 0);
  EXPECT_EQ(RefreshLeft(file), 800);
  clock_.Advance(seconds(900));
  EXPECT_EQ(RefreshLeft(file), 0);
  EXPECT_FALSE(ReadTokenFile(file, clock_)->CanRefresh(clock_.Now()));
}

TEST_F(TokenDocument, AFileSaysWhenItsLoginEnds) {
  const auto end = [&](const std::string& file) {
    return std::llround(ReadTokenFile(file, clock_).value().login_ends - clock_.EpochSeconds());
  };
  const std::string file = File(300);
  EXPECT_EQ(end(file), 1800);
  clock_.Advance(seconds(2000));
  EXPECT_EQ(end(file), -200);
  EXPECT_EQ(end(R"({"access_token": "a", "expires_in": 300, "expires_at": )" +
                std::to_string(clock_.EpochSeconds() - 50) + "}"),
            -50)
      << "where there is no refresh token";
}

TEST_F(TokenDocument, AfterTheClockWasSetBackAnAccessTokenIsOverAndItsRefreshTokenWorthATry) {
  const std::string file = File(300);
  clock_.SetEpoch(clock_.EpochSeconds() - 3600);
  EXPECT_EQ(AccessLeft(file), 0);
  EXPECT_TRUE(ReadTokenFile(file, clock_)->CanRefresh(clock_.Now()));
}

TEST_F(TokenDocument, TwoClocksMayDifferBySeconds) {
  const std::string file = File(300);
  clock_.SetEpoch(clock_.EpochSeconds() - 4.5);
  EXPECT_EQ(AccessLeft(file), 300) << "and never longer than the server said";
  clock_.SetEpoch(clock_.EpochSeconds() - 1);
  EXPECT_EQ(AccessLeft(file), 0) << "more than five are a clock that was set back";
}

TEST_F(TokenDocument, SurvivesAnyNumbers) {
  for (const char* at : {"0", "-1", "1e300", "-1e300", "99999999999999999999"}) {
    for (const char* in : {"0", "-5", "1e300", "\"300\""}) {
      const auto token =
          ReadTokenFile(std::string(R"({"access_token": "a", "expires_at": )") + at +
                            R"(, "expires_in": )" + in + R"(, "refresh_expires_in": )" + in + "}",
                        clock_);
      ASSERT_TRUE(token) << at << " " << in;
      EXPECT_GE(token->access_expires, clock_.Now()) << at << " " << in;
      EXPECT_LE(token->access_expires, clock_.Now() + hours(24 * 366)) << at << " " << in;
      EXPECT_LE(token->refresh_expires, clock_.Now() + hours(24 * 366)) << at << " " << in;
    }
  }
}

TEST_F(TokenDocument, IsReadAsItWasWritten) {
  const auto token = ReadTokenFile(File(300), clock_);
  clock_.Advance(seconds(120));
  const std::string written = WriteTokenFile(*token, "", clock_, {});
  EXPECT_EQ(AccessLeft(written), 180);
  EXPECT_EQ(RefreshLeft(written), 1680);
  const auto again = ReadTokenFile(written, clock_);
  EXPECT_EQ(again->access.Reveal(), "a");
  EXPECT_EQ(again->refresh.Reveal(), "r");
  EXPECT_EQ(again->access_lifetime, seconds(300));
  EXPECT_EQ(again->refresh_lifetime, seconds(1800));
}

TEST_F(TokenDocument, KeepsWhatTheAnswerHasAndWhatTheFileHad) {
  const auto token = ReadGrantAnswer(
      R"({"access_token": "new", "refresh_token": "s", "expires_in": 60, "scope": "x", "n": [1]})",
      clock_.Now());
  const std::string written =
      WriteTokenFile(*token, File(10, R"(, "scope": "old", "id_token": "i", "deep": {"k": 1})"),
                     clock_, {{"s2c_user", "me"}});
  const JsonDocument document = MakeJson(written);
  EXPECT_EQ(TextAt(*document, "access_token"), "new");
  EXPECT_EQ(TextAt(*document, "refresh_token"), "s");
  EXPECT_EQ(TextAt(*document, "scope"), "x");
  EXPECT_EQ(TextAt(*document, "id_token"), "i");
  EXPECT_EQ(TextAt(*document, "token_type"), "Bearer");
  EXPECT_EQ(TextAt(*document, "s2c_user"), "me");
  EXPECT_EQ(NumberAt(*document, "expires_in"), 60);
  EXPECT_THAT(written, HasSubstr("\"n\":[1]"));
  EXPECT_THAT(written, HasSubstr("\"deep\":{\"k\":1}"));
  EXPECT_EQ(written.find("expires_at"), written.rfind("expires_at")) << "each key once";
  EXPECT_NEAR(NumberAt(*document, "expires_at").value_or(0), clock_.EpochSeconds() + 60, 0.01);
}

// RFC 6749, section 6.
TEST_F(TokenDocument, AnAnswerWithoutARefreshTokenKeepsTheOldOne) {
  auto token = ReadGrantAnswer(R"({"access_token": "new", "expires_in": 60})", clock_.Now());
  EXPECT_THAT(WriteTokenFile(*token, File(10), clock_, {}), HasSubstr(R"("refresh_token":"r")"));
  token->refresh = Secret("kept");
  EXPECT_THAT(WriteTokenFile(*token, "", clock_, {}), HasSubstr(R"("refresh_token":"kept")"));
}

TEST_F(TokenDocument, IsWrittenOverAnythingThatIsNoTokenFile) {
  const auto token = ReadTokenFile(File(300), clock_);
  for (const char* previous : {"", "null", "[1]", "{\"access_token\": \"tor", "\x01\x02"}) {
    const std::string written = WriteTokenFile(*token, previous, clock_, {});
    EXPECT_EQ(AccessLeft(written), 300) << previous;
    EXPECT_THAT(written, Not(HasSubstr("tor\""))) << previous;
  }
}

TEST_F(TokenDocument, WritesTheTimeOfATokenThatIsOver) {
  const auto token = ReadGrantAnswer(R"({"access_token": "a", "expires_in": 60})", clock_.Now());
  clock_.Advance(seconds(100));
  EXPECT_NEAR(*NumberAt(*MakeJson(WriteTokenFile(*token, "", clock_, {})), "expires_at"),
              clock_.EpochSeconds() - 40, 0.01);
}

constexpr const char* kRealm = "https://auth.example/realms/r/protocol/openid-connect";

TEST(Issuer, IsABeginningOfTheLoginsAddress) {
  EXPECT_FALSE(IsOfAnotherIssuer("https://auth.example/realms/r", kRealm));
  EXPECT_FALSE(IsOfAnotherIssuer("https://auth.example/", "https://auth.example/oauth2"));
  EXPECT_FALSE(IsOfAnotherIssuer("https://auth.example", "https://auth.example"));
  EXPECT_FALSE(IsOfAnotherIssuer("https://auth.example/\xC3\xBC\xC3\xBF",
                                 "https://auth.example/\xC3\xBC\xC3\xBF"));
}

TEST(Issuer, IsAnotherForEveryOtherAddress) {
  for (const char* issuer :
       {"https://other.example/realms/r", "http://auth.example/realms/r",
        "https://auth.example/realms/other", "https://auth.example:8443/realms/r", "auth.example",
        "https://auth.example/realms/r/protocol/openid-connect/more"})
    EXPECT_TRUE(IsOfAnotherIssuer(issuer, kRealm)) << issuer;
}

// Hosts and realms of which one name begins with the other.
TEST(Issuer, IsAnotherWhereOnlyTheLettersBeginAlike) {
  EXPECT_TRUE(IsOfAnotherIssuer("https://auth.example", "https://auth.example.evil/realms/r"));
  EXPECT_TRUE(IsOfAnotherIssuer("https://auth.example/realms/r",
                                "https://auth.example/realms/rest/protocol/openid-connect"));
}

TEST(Token, IsRenewedAQuarterOfItsLifeOrThirtySecondsBeforeItsEnd) {
  EXPECT_EQ(Token::Margin(seconds(300)), seconds(30));
  EXPECT_EQ(Token::Margin(seconds(120)), seconds(30));
  EXPECT_EQ(Token::Margin(seconds(2)), std::chrono::milliseconds(500));
  EXPECT_EQ(Token::Margin(seconds(0)), seconds(0));
}

TEST(Token, WithoutAnAccessTokenIsNeitherFreshNorAlive) {
  const Token none;
  EXPECT_FALSE(none.IsFresh(Clock::TimePoint() - hours(1)));
  EXPECT_FALSE(none.IsAlive(Clock::TimePoint() - hours(1)));
  EXPECT_FALSE(none.CanRefresh(Clock::TimePoint() - hours(1)));
}

}  // namespace
}  // namespace s2c
