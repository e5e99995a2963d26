// SPDX-License-Identifier: MIT
#include "client/auth/grants.h"

#include <gmock/gmock.h>

#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;

constexpr const char* kRealm = "https://auth.example/realms/r/protocol/openid-connect";
constexpr const char* kPassword = "p+w&d=%40 \xC3\xBC\"'\\";

class GrantsTest : public testing::Test {
 protected:
  Result<Token> Login() { return grants_.Password("an@example.org", Secret(kPassword)); }

  // The token from an answer with this body.
  Token TokenOf(const std::string& body) {
    transport_.Then(Answer(200, body));
    const auto token = Login();
    EXPECT_EQ(MessageOf(token), "") << body;
    return token.value_or(Token());
  }

  FakeTransport transport_;
  FakeClock clock_;
  Grants grants_{transport_, clock_, MakeUrl(kRealm), "iq-web-client"};
};

TEST_F(GrantsTest, PostsAFormToTheTokenEndpoint) {
  TokenOf(R"({"access_token": "a"})");
  const Request request = transport_.last();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url.ToString(), std::string(kRealm) + "/token");
  EXPECT_THAT(request.headers, testing::Contains(testing::Pair(
                                   "Content-Type", "application/x-www-form-urlencoded")));
  EXPECT_TRUE(request.bearer.empty());
}

// A line break in it would begin a header of its own.
TEST_F(GrantsTest, RefusesATokenThatNoHeaderCanHold) {
  for (const char* token : {R"(a\r\nX-Evil: 1)", R"(a\n)", R"(a\u0000b)", R"(\ta)", R"(a\u007f)"}) {
    for (const std::string& body :
         {std::string(R"({"access_token": ")") + token + R"("})",
          std::string(R"({"access_token": "a", "refresh_token": ")") + token + R"("})"}) {
      transport_.Then(Answer(200, body));
      EXPECT_THAT(ErrorOf(Login()), FailsWith(ErrorKind::kProtocol, AllOf(HasSubstr("S2C_AUTH_URL"),
                                                                          Not(HasSubstr("Evil")))))
          << body;
    }
  }
}

TEST_F(GrantsTest, EncodesAPasswordOfAnyCharacters) {
  TokenOf(R"({"access_token": "a"})");
  EXPECT_EQ(transport_.last().body,
            "grant_type=password&client_id=iq-web-client&username=an%40example.org"
            "&password=p%2Bw%26d%3D%2540%20%C3%BC%22%27%5C&scope=openid");
}

TEST_F(GrantsTest, AsksForALoginWithoutAnEndWhereThatIsWanted) {
  transport_.Then(Answer(200, R"({"access_token": "a"})"));
  ASSERT_TRUE(grants_.Password("me", Secret("x"), true));
  EXPECT_THAT(transport_.last().body, HasSubstr("&scope=openid%20offline_access"));
}

TEST_F(GrantsTest, EndsALoginByItsRefreshToken) {
  transport_.Then(Answer(204));
  EXPECT_EQ(MessageOf(grants_.LogOut(Secret("r&1"))), "");
  const Request request = transport_.last();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url.ToString(), std::string(kRealm) + "/logout");
  EXPECT_EQ(request.body, "client_id=iq-web-client&refresh_token=r%261");
}

TEST_F(GrantsTest, TakesALoginThatHasEndedBeforeForEnded) {
  transport_.Then(
      Answer(400, R"({"error": "invalid_grant", "error_description": "Invalid refresh token"})"));
  EXPECT_EQ(MessageOf(grants_.LogOut(Secret("hidden"))), "");
}

TEST_F(GrantsTest, SaysWhyALoginCouldNotBeEnded) {
  const Result<Response> answers[] = {
      Answer(401, R"({"error": "invalid_client"})"), Answer(404, "<html>"), Answer(500, "<html>"),
      Answer(302, "", {{"location", "https://other.example/?hidden"}}),
      Fail(ErrorKind::kUnreachable, "cannot connect")};
  for (const auto& answer : answers) {
    transport_.Then(answer);
    EXPECT_THAT(
        ErrorOf(grants_.LogOut(Secret("hidden"))).message,
        AllOf(HasSubstr("not logged out at the server: '" + std::string(kRealm) + "/logout'"),
              HasSubstr("S2C_"), Not(HasSubstr("hidden"))));
  }
}

TEST_F(GrantsTest, SendsTheRefreshTokenWithoutThePassword) {
  transport_.Then(Answer(200, R"({"access_token": "a"})"));
  ASSERT_TRUE(grants_.Refresh(Secret("r&1")));
  EXPECT_EQ(transport_.last().body,
            "grant_type=refresh_token&client_id=iq-web-client&refresh_token=r%261");
}

TEST_F(GrantsTest, ReadsTheToken) {
  const Token token = TokenOf(
      R"({"access_token": "a", "refresh_token": "r", "expires_in": 300, "refresh_expires_in": 1800,
          "token_type": "Bearer", "scope": "x"})");
  EXPECT_EQ(token.access.Reveal(), "a");
  EXPECT_EQ(token.refresh.Reveal(), "r");
  EXPECT_EQ(token.access_lifetime, seconds(300));
  EXPECT_EQ(token.access_expires, clock_.Now() + seconds(300));
  EXPECT_EQ(token.refresh_expires, clock_.Now() + seconds(1800));
}

TEST_F(GrantsTest, CountsTheLifetimeFromBeforeTheRequest) {
  const Clock::TimePoint before = clock_.Now();
  transport_.AnswerBy([&](const Request&) {
    clock_.Advance(seconds(20));
    return Answer(200, R"({"access_token": "a", "expires_in": 300})");
  });
  EXPECT_EQ(Login()->access_expires, before + seconds(300));
}

TEST_F(GrantsTest, TakesALifetimeWrittenAsText) {
  EXPECT_EQ(TokenOf(R"({"access_token": "a", "expires_in": "120"})").access_lifetime, seconds(120));
}

TEST_F(GrantsTest, AssumesAShortLifetimeWhereNoneIsTold) {
  for (const char* expires : {"", R"(, "expires_in": null)", R"(, "expires_in": "soon")",
                              R"(, "expires_in": [300])", R"(, "expires_in": NaN)"}) {
    const Token token = TokenOf(std::string(R"({"access_token": "a")") + expires + "}");
    EXPECT_GT(token.access_lifetime, seconds(0)) << expires;
    EXPECT_LE(token.access_lifetime, seconds(60)) << expires;
    EXPECT_EQ(token.access_expires, clock_.Now() + token.access_lifetime) << expires;
  }
}

TEST_F(GrantsTest, TakesANegativeLifetimeForNone) {
  for (const char* expires : {"-1", "-1e300", "-Infinity"}) {
    const Token token =
        TokenOf(std::string(R"({"access_token": "a", "expires_in": )") + expires + "}");
    EXPECT_EQ(token.access_lifetime, seconds(0)) << expires;
    EXPECT_EQ(token.access_expires, clock_.Now()) << expires;
  }
}

TEST_F(GrantsTest, BoundsAHugeLifetime) {
  for (const char* expires : {"99999999999", "1e300", "Infinity", "\"1e300\""}) {
    const Token token =
        TokenOf(std::string(R"({"access_token": "a", "expires_in": )") + expires + "}");
    EXPECT_GE(token.access_lifetime, hours(24)) << expires;
    EXPECT_EQ(token.access_expires, clock_.Now() + token.access_lifetime)
        << expires << ": the clock did not overflow";
  }
}

TEST_F(GrantsTest, HasNoRefreshTokenWhereNoneCame) {
  EXPECT_TRUE(TokenOf(R"({"access_token": "a"})").refresh.empty());
  EXPECT_TRUE(TokenOf(R"({"access_token": "a", "refresh_token": null})").refresh.empty());
}

// RFC 6749 knows no end of a refresh token, and Keycloak says 0 for an offline session.
TEST_F(GrantsTest, KnowsNoEndOfARefreshTokenWhereNoneIsTold) {
  for (const char* end : {"", R"(, "refresh_expires_in": 0)", R"(, "refresh_expires_in": "x")"}) {
    const Token token =
        TokenOf(std::string(R"({"access_token": "a", "refresh_token": "r")") + end + "}");
    EXPECT_TRUE(token.CanRefresh(clock_.Now() + hours(24))) << end;
  }
}

TEST_F(GrantsTest, KeepsTheAnswerForTheStores) {
  const std::string answer = R"({"access_token": "a", "scope": "x", "session_state": "s"})";
  EXPECT_EQ(TokenOf(answer).answer.Reveal(), answer);
}

TEST_F(GrantsTest, ARefusedLoginNamesUserReasonAndOptions) {
  for (const int status : {400, 401, 403}) {
    transport_.Then(Answer(status, R"({"error": "invalid_grant",
                                       "error_description": "Invalid user credentials"})"));
    const Error error = ErrorOf(Login());
    EXPECT_THAT(error,
                FailsWith(ErrorKind::kCredentials,
                          AllOf(HasSubstr("an@example.org"), HasSubstr("invalid_grant"),
                                HasSubstr("Invalid user credentials"), HasSubstr("S2C_USERNAME"),
                                HasSubstr("S2C_PASSWORD"), HasSubstr("S2C_PASSWORD_FILE"))));
    EXPECT_EQ(error.http_status, status);
  }
}

TEST_F(GrantsTest, ARefusedLoginMayComeWithoutADocument) {
  for (const char* body : {"", "<html>no</html>", "null", "[]", R"({"error": {"a": 1}})"}) {
    transport_.Then(Answer(401, body));
    EXPECT_THAT(ErrorOf(Login()), FailsWith(ErrorKind::kCredentials, HasSubstr("HTTP 401")));
  }
}

TEST_F(GrantsTest, ARefusedRefreshTokenIsOfTheCredentials) {
  transport_.Then(Answer(400, R"({"error": "invalid_grant"})"));
  EXPECT_EQ(ErrorOf(grants_.Refresh(Secret("r"))).kind, ErrorKind::kCredentials);
}

TEST_F(GrantsTest, AServerThatCannotIsNoRefusal) {
  for (const int status : {404, 429, 500, 503}) {
    transport_.Then(Answer(status, "<html>down</html>"));
    EXPECT_THAT(
        ErrorOf(Login()),
        FailsWith(ErrorKind::kServer, AllOf(HasSubstr("HTTP " + std::to_string(status)),
                                            HasSubstr("S2C_AUTH_URL"), Not(HasSubstr("<html>")))));
  }
}

TEST_F(GrantsTest, AnAnswerWithoutATokenIsNoOAuth2Server) {
  for (const char* body :
       {"<html>Welcome</html>", "", "null", "[]", "{}", "{\"access_token\"",
        R"({"access_token": ""})", R"({"access_token": null})", R"({"access_token": {"a": 1}})"}) {
    transport_.Then(Answer(200, body));
    EXPECT_THAT(ErrorOf(Login()), FailsWith(ErrorKind::kProtocol, HasSubstr("S2C_AUTH_URL")))
        << body;
  }
}

TEST_F(GrantsTest, AnAnswerThatIsTooLongIsNoOAuth2Server) {
  transport_.Then(Answer(200, std::string((1 << 20) + 1, ' ')));
  EXPECT_THAT(ErrorOf(Login()), FailsWith(ErrorKind::kProtocol, HasSubstr("S2C_AUTH_URL")));
}

TEST_F(GrantsTest, HandsOnWhyTheServerWasNotReached) {
  for (const ErrorKind kind : {ErrorKind::kUnreachable, ErrorKind::kInterrupted}) {
    transport_.Then(Fail(kind, "cannot connect to https://auth.example:443"));
    EXPECT_THAT(
        ErrorOf(Login()),
        FailsWith(kind, AllOf(HasSubstr(std::string("'") + kRealm + "/token': cannot connect"),
                              HasSubstr("S2C_AUTH_URL"))));
  }
}

TEST_F(GrantsTest, SendsNoPasswordInTheClear) {
  Grants clear(transport_, clock_, MakeUrl("http://auth.example/realms/r"), "c");
  EXPECT_THAT(ErrorOf(clear.Password("me", Secret("x"))),
              FailsWith(ErrorKind::kInvalidInput, AllOf(HasSubstr("TLS"), HasSubstr("AUTH_URL"))));
  EXPECT_EQ(ErrorOf(clear.Refresh(Secret("x"))).kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(transport_.count(), 0U);
}

TEST_F(GrantsTest, SendsToHttpOnLoopback) {
  transport_.Then(Answer(200, R"({"access_token": "a"})"));
  Grants local(transport_, clock_, MakeUrl("http://127.0.0.1:8000/realms/r"), "c");
  EXPECT_EQ(MessageOf(local.Password("me", Secret("x"))), "");
}

TEST_F(GrantsTest, NoErrorShowsASecret) {
  const std::vector<Result<Response>> answers = {
      Answer(400, R"({"error": "invalid_grant"})"),
      Answer(401, "<html>"),
      Answer(500, "x"),
      Answer(200, R"({"refresh_token": "hidden-refresh"})"),
      Answer(200, R"({"access_token": ["hidden-access"]})"),
      Answer(200, R"({"access_token": "hidden-access")"),
      Fail(ErrorKind::kUnreachable, "x"),
      Fail(ErrorKind::kInterrupted, "x")};
  for (const auto& answer : answers) {
    transport_.Then(answer);
    const std::string login = ErrorOf(Login()).message;
    transport_.Then(answer);
    const std::string refresh = ErrorOf(grants_.Refresh(Secret("hidden-refresh"))).message;
    for (const std::string& message : {login, refresh})
      EXPECT_THAT(message, AllOf(Not(HasSubstr(kPassword)), Not(HasSubstr("p%2Bw")),
                                 Not(HasSubstr("hidden"))));
  }
}

TEST_F(GrantsTest, AServersTextStaysOneShortLine) {
  transport_.Then(Answer(400, R"({"error": "a\r\nb\u001b[31m", "error_description": ")" +
                                  std::string(5000, 'x') + "\"}"));
  const std::string message = ErrorOf(Login()).message;
  EXPECT_EQ(message.find_first_of("\r\n\x1b"), std::string::npos);
  EXPECT_LT(message.size(), 1000U);
}

}  // namespace
}  // namespace s2c
