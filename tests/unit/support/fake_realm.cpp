// SPDX-License-Identifier: MIT
#include "tests/unit/support/fake_realm.h"

#include "client/auth/token_document.h"
#include "tests/unit/support/documents.h"

namespace s2c::testing_support {
namespace {

std::string Field(const Request& request, const std::string& name) {
  return QueryValue(MakeUrl("https://form.example/?" + request.body), name);
}

std::string KeycloakAnswer(const std::string& access, const std::string& refresh) {
  return R"({"access_token": ")" + access + R"(", "refresh_token": ")" + refresh +
         R"(", "expires_in": 300, "refresh_expires_in": 1800, "token_type": "Bearer",
             "not-before-policy": 0, "session_state": "s", "scope": "profile email"})";
}

}  // namespace

FakeRealm::FakeRealm() {
  transport_.AnswerBy([this](const Request& request) { return Reply(request); });
}

std::vector<std::string> FakeRealm::Asked() const {
  std::vector<std::string> asked;
  for (const Request& request : transport_.requests()) {
    const bool password = Field(request, "grant_type") == "password";
    asked.push_back(password ? "password " + Field(request, "username")
                             : Field(request, "refresh_token"));
  }
  return asked;
}

Result<Response> FakeRealm::Reply(const Request& request) {
  if (while_it_answers) while_it_answers();
  if (down < 0) return Fail(ErrorKind::kUnreachable, "cannot connect to auth.example");
  if (down > 0) return Answer(down, "<html>down</html>");
  const bool password = Field(request, "grant_type") == "password";
  const bool wrong = !wrong_password.empty() && Field(request, "password") == wrong_password;
  const bool known = password ? !wrong : valid_.erase(Field(request, "refresh_token")) > 0;
  if (!known || (password ? refuse_password : refuse_refresh))
    return Answer(400, R"({"error": "invalid_grant", "error_description": "Token is not active"})");
  const std::string number = std::to_string(++issued_);
  if (!password && keep_refresh_token) {
    valid_.insert(Field(request, "refresh_token"));
    return Answer(200,
                  R"({"access_token": ")" + prefix + "a" + number + R"(", "expires_in": 300})");
  }
  valid_.insert(prefix + "r" + number);
  if (!password && lose_refreshes) return Fail(ErrorKind::kInterrupted, "the connection broke off");
  return Answer(200, KeycloakAnswer(prefix + "a" + number, prefix + "r" + number));
}

Token MakeToken(const std::string& access, const std::string& refresh, const Clock& clock,
                Clock::Duration age) {
  return ReadGrantAnswer(KeycloakAnswer(access, refresh), clock.Now() - age).value();
}

}  // namespace s2c::testing_support
