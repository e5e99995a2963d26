// SPDX-License-Identifier: MIT
#include "client/auth/account.h"

#include <gmock/gmock.h>

#include "tests/unit/support/base64.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class OneToken final : public TokenSource {
 public:
  explicit OneToken(std::string token) : token_(std::move(token)) {}
  Result<Secret> Get() override { return token_; }
  Result<Secret> Replace(const Secret&) override {
    return Fail(ErrorKind::kCredentials, "the login has ended");
  }

 private:
  const Secret token_;
};

class Account : public testing::Test {
 protected:
  Result<std::string> Ask(const std::string& token) {
    OneToken source(token);
    return PreferredUsername(transport_, source, MakeUrl("https://auth.example/realms/r/x"));
  }

  FakeTransport transport_;
  const std::string named_ = MakeJwt(R"({"preferred_username": "of.token"})");
  const std::string hidden_ = MakeJwt(R"({"sub": "hidden"})");
};

TEST_F(Account, IsWhoUserinfoSays) {
  transport_.Then(Answer(200, R"({"sub": "1", "preferred_username": "of.userinfo"})"));
  EXPECT_EQ(Ask(named_).value_or(""), "of.userinfo");
  EXPECT_EQ(transport_.last().url.ToString(), "https://auth.example/realms/r/x/userinfo");
  EXPECT_EQ(transport_.last().bearer, Secret(named_));
}

TEST_F(Account, IsWhoTheTokenSaysWhereUserinfoDoesNot) {
  for (const Result<Response>& answer :
       {Result<Response>(Answer(403, R"({"error": "insufficient_scope"})")),
        Result<Response>(Answer(401)), Result<Response>(Answer(404, "<html>")),
        Result<Response>(Answer(200, R"({"sub": "1"})")), Result<Response>(Answer(200, "<html>")),
        Result<Response>(Fail(ErrorKind::kUnreachable, "cannot connect"))}) {
    transport_.Then(answer);
    EXPECT_EQ(Ask(named_).value_or(""), "of.token");
  }
}

TEST_F(Account, IsUnknownWhereNeitherSays) {
  transport_.Then(Answer(403));
  EXPECT_THAT(
      ErrorOf(Ask(hidden_)),
      FailsWith(ErrorKind::kProtocol,
                AllOf(HasSubstr("'https://auth.example/realms/r/x/userinfo'"),
                      HasSubstr("HTTP 403"), HasSubstr("S2C_AUTH_URL"), Not(HasSubstr(hidden_)))));
}

}  // namespace
}  // namespace s2c
