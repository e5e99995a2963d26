// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <memory>
#include <tuple>

#include "client/auth/grants.h"
#include "client/http/retry.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kRealm = "https://auth.example/realms/r/protocol/openid-connect";
constexpr const char* kTokenUrl = "'https://auth.example/realms/r/protocol/openid-connect/token'";

std::string Document(const std::string& error, const std::string& description) {
  return R"({"error": ")" + error + R"(", "error_description": ")" + description + "\"}";
}

// Why a login is refused, and what helps against it (issue 10).
class RefusedGrant : public testing::Test {
 protected:
  Error Login(const Result<Response>& answer, const std::string& password = "hidden") {
    transport_.Then(answer);
    return ErrorOf(grants_.Password("me", Secret(password)));
  }
  Error Refresh(const Result<Response>& answer) {
    transport_.Then(answer);
    return ErrorOf(grants_.Refresh(Secret("hidden")));
  }

  FakeTransport transport_;
  FakeClock clock_;
  Grants grants_{transport_, clock_, MakeUrl(kRealm), "iq"};
};

TEST_F(RefusedGrant, OfAnAccountSaysWhatItsUserCanDo) {
  const std::pair<const char*, const char*> cases[] = {
      {"Account is not fully set up", "log in once in the web application"},
      {"Account disabled", "ask the operator"},
      {"Account temporarily disabled", "wait"}};
  for (const auto& [description, advice] : cases) {
    const Error error = Login(Answer(400, Document("invalid_grant", description)));
    EXPECT_THAT(error, FailsWith(ErrorKind::kCredentials,
                                 AllOf(HasSubstr("login of 'me' was refused"), HasSubstr(kTokenUrl),
                                       HasSubstr(description), HasSubstr(advice),
                                       Not(HasSubstr("S2C_USERNAME")))));
  }
}

TEST_F(RefusedGrant, OfAPasswordMayBeOfALockedAccount) {
  EXPECT_THAT(Login(Answer(401, Document("invalid_grant", "Invalid user credentials"))),
              FailsWith(ErrorKind::kCredentials,
                        AllOf(HasSubstr("check S2C_USERNAME and S2C_PASSWORD"),
                              HasSubstr("account is locked"), Not(HasSubstr("hidden")))));
}

TEST_F(RefusedGrant, OfAPasswordNamesWhatIsLikelyWrongWithIt) {
  const Response refusal = Answer(401, Document("invalid_grant", "Invalid user credentials"));
  EXPECT_THAT(Login(refusal, "hidden ").message, HasSubstr("the password begins or ends with"));
  EXPECT_THAT(Login(refusal, "\"hidden\"").message, HasSubstr("has quotation marks around it"));
  EXPECT_THAT(Login(refusal, "hidden ").message, Not(HasSubstr("hidden")));
  EXPECT_THAT(Login(refusal).message, Not(HasSubstr("; the password")));
}

TEST_F(RefusedGrant, OfTheClientOrTheAddressIsNoneOfTheUsers) {
  const std::tuple<int, const char*, const char*, const char*> cases[] = {
      {401, "invalid_client", "Invalid client or Invalid client credentials", "S2C_CLIENT_ID"},
      {401, "unauthorized_client", "Invalid client or Invalid client credentials", "has a secret"},
      {400, "unauthorized_client", "Client not allowed for direct access grants", "no passwords"},
      {400, "not_allowed", "Offline tokens not allowed for the user or client", "--offline"},
      {400, "invalid_scope", "Invalid scopes: openid offline_access", "--offline"},
      {403, "invalid_request", "HTTPS required", "S2C_AUTH_URL to the https address"},
      {403, "access_denied", "Realm not enabled", "the realm is switched off"},
      {404, "Realm does not exist", "", "the realm's name in S2C_AUTH_URL"}};
  for (const auto& [status, error, description, advice] : cases) {
    const Response answer = Answer(status, Document(error, description));
    const auto expected = FailsWith(
        ErrorKind::kInvalidInput,
        AllOf(HasSubstr(kTokenUrl), HasSubstr("HTTP " + std::to_string(status)), HasSubstr(error),
              HasSubstr(advice), Not(HasSubstr("S2C_USERNAME")), Not(HasSubstr("hidden"))));
    EXPECT_THAT(Login(answer), expected);
    EXPECT_THAT(Refresh(answer), expected);
  }
}

TEST_F(RefusedGrant, OfARefreshTokenSaysThatTheLoginHasEnded) {
  for (const char* description :
       {"Token is not active", "Session not active", "Session doesn't have required client",
        "Maximum allowed refresh token reuse exceeded", "Invalid refresh token"}) {
    const std::string message =
        Refresh(Answer(400, Document("invalid_grant", description))).message;
    EXPECT_EQ(message, "the login has ended (" + std::string(kTokenUrl) +
                           " answered HTTP 400, invalid_grant, " + description + "): log in anew");
  }
  EXPECT_THAT(Refresh(Answer(400, Document("invalid_grant",
                                           "Invalid refresh token. Token client and authorized "
                                           "client don't match"))),
              FailsWith(ErrorKind::kCredentials, HasSubstr("set S2C_CLIENT_ID")));
}

TEST_F(RefusedGrant, ByARedirectNamesItsTargetAndSendsNothingThere) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://other.example/token?state=hidden", "'https://other.example/token'"},
      {"/elsewhere", "'https://auth.example/elsewhere'"},
      {"http://auth.example/realms/r", "'http://auth.example/realms/r'"},
      {"", "HTTP 30"},
      {"file:///etc/passwd", "HTTP 30"}};
  for (const int status : {301, 302, 303, 307, 308}) {
    for (const auto& [target, named] : cases) {
      const std::size_t before = transport_.count();
      EXPECT_THAT(Login(Answer(status, "", {{"location", target}})),
                  FailsWith(ErrorKind::kInvalidInput,
                            AllOf(HasSubstr(kTokenUrl), HasSubstr(named), HasSubstr("S2C_AUTH_URL"),
                                  Not(HasSubstr("hidden")))));
      EXPECT_EQ(transport_.count(), before + 1);
    }
  }
}

TEST_F(RefusedGrant, ByAGatewayMayHaveBeenDone) {
  for (const int status : {502, 504}) {
    EXPECT_EQ(Login(Answer(status, "<html>")).kind, ErrorKind::kInterrupted);
    EXPECT_THAT(Refresh(Answer(status, "<html>")),
                FailsWith(ErrorKind::kInterrupted,
                          AllOf(HasSubstr("may have ended"), HasSubstr("log in anew"))));
  }
}

// The one loop does it; what it may do is this side's to say.
class RepeatedGrant : public testing::Test {
 protected:
  bool Login() { return grants_.Password("me", Secret("pw")).has_value(); }
  bool Refresh() { return grants_.Refresh(Secret("r")).has_value(); }

  FakeTransport transport_;
  FakeClock clock_;
  FixedRandom random_{1.0};
  std::shared_ptr<DeadServers> dead_servers_ = std::make_shared<DeadServers>(clock_);
  RetryingTransport retrying_{transport_, {}, clock_, random_, dead_servers_};
  Grants grants_{retrying_, clock_, MakeUrl(kRealm), "iq"};
};

TEST_F(RepeatedGrant, IsOneThatTheServerHasCertainlyNotGiven) {
  for (const int status : {429, 503}) {
    transport_.Then(Answer(status, "", {{"retry-after", "9"}}))
        .Then(Answer(200, R"({"access_token": "a"})"));
    EXPECT_TRUE(status == 429 ? Login() : Refresh());
  }
  transport_.Then(Fail(ErrorKind::kUnreachable, "x")).Then(Answer(200, R"({"access_token": "a"})"));
  EXPECT_TRUE(Refresh());
  EXPECT_THAT(clock_.slept(), ElementsAre(9, 9, 0.5));
}

TEST_F(RepeatedGrant, IsALoginOfWhichNobodyKnowsOnce) {
  for (const int status : {502, 504, 0}) {
    const std::size_t before = transport_.count();
    for (int i = 0; i < 2; ++i) {
      if (status == 0) {
        transport_.Then(Fail(ErrorKind::kInterrupted, "x"));
      } else {
        transport_.Then(Answer(status));
      }
    }
    EXPECT_FALSE(Login());
    EXPECT_EQ(transport_.count(), before + 2) << status;
  }
}

TEST_F(RepeatedGrant, IsNoRefreshThatTheServerMayHaveGiven) {
  for (const int status : {502, 504}) {
    const std::size_t before = transport_.count();
    transport_.Then(Answer(status));
    EXPECT_FALSE(Refresh());
    EXPECT_EQ(transport_.count(), before + 1);
  }
  transport_.Then(Fail(ErrorKind::kInterrupted, "x"));
  EXPECT_FALSE(Refresh());
  EXPECT_EQ(transport_.count(), 3U);
}

TEST_F(RepeatedGrant, IsNoLoginThatWasRefused) {
  for (const int status : {400, 401, 403, 404, 500}) {
    const std::size_t before = transport_.count();
    transport_.Then(Answer(status));
    EXPECT_FALSE(Login());
    EXPECT_EQ(transport_.count(), before + 1) << status;
  }
}

}  // namespace
}  // namespace s2c
