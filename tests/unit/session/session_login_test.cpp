// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/session.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// How a session's settings become ways to log in, shown by what a server is sent.
class SessionLogin : public testing::Test {
 protected:
  SessionLogin() {
    settings_.api_url = server_.Url("/v1");
    settings_.auth_url = server_.Url("/realm");
    settings_.client_id = "c";
    settings_.token_file = folder_ / "token.json";
  }

  std::string Ask() {
    const auto session = Session::For(settings_);
    if (!session) return session.error().message;
    (*session)->ForgetInference(7);
    const auto text = (*session)->GetInferenceText(7);
    return text ? "ok" : text.error().message;
  }
  // The bodies of the token requests.
  std::vector<std::string> Logins() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return logins_;
  }
  std::string Serve(const std::string& head, const std::string& body) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (head.find("POST /") != 0 || head.find("/token ") == std::string::npos) {
      if (!answer_once_.empty()) return std::exchange(answer_once_, std::string());
      return HttpAnswer(200, R"({"data": {"type": "inference", "id": "7", "attributes": {}}})",
                        "Content-Type: application/vnd.api+json\r\n");
    }
    logins_.push_back(body);
    if (!wrong_password_.empty() && body.find("password=" + wrong_password_) != std::string::npos)
      return HttpAnswer(401, R"({"error": "invalid_grant"})");
    return HttpAnswer(200, R"({"access_token": "a", "refresh_token": "r", "expires_in": 300})",
                      "Content-Type: application/json\r\n");
  }

  std::string answer_once_;     // of the API
  std::string wrong_password_;  // refused
  std::mutex mutex_;
  std::vector<std::string> logins_;
  HttpServer server_{
      [this](const std::string& head, const std::string& body) { return Serve(head, body); }};
  TemporaryFolder folder_;
  CapturedLog log_;
  SessionSettings settings_;
};

TEST_F(SessionLogin, SendsThePassword) {
  settings_.username = "me";
  settings_.password = Secret("pw&");
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(Logins(), ElementsAre(HasSubstr("username=me&password=pw%26")));
}

TEST_F(SessionLogin, TakesThePasswordOfAFileWithoutItsLineEnds) {
  settings_.username = "me";
  settings_.password_file = folder_ / "password";
  const std::pair<const char*, const char*> cases[] = {
      {"pw", "pw"}, {"pw\n", "pw"}, {"pw\r\n", "pw"}, {"pw\n\n", "pw"}, {" pw ", "%20pw%20"}};
  for (const auto& [content, sent] : cases) {
    settings_.client_id += "x";  // a session of its own
    WriteText(settings_.password_file, content);
    EXPECT_EQ(Ask(), "ok");
    const std::string body = Logins().back();
    EXPECT_EQ(body.substr(body.find("password=", body.find("username"))),
              std::string("password=") + sent + "&scope=openid");
  }
  EXPECT_EQ(log_.Text(LogLevel::kWarning), "");
}

TEST_F(SessionLogin, WarnsOfAPasswordFileThatOthersCanReadAndUsesIt) {
  settings_.username = "me";
  settings_.password_file = folder_ / "password";
  WriteText(settings_.password_file, "hidden-pw\n", 0644);
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(
      log_.Text(LogLevel::kWarning),
      AllOf(HasSubstr(settings_.password_file),
            HasSubstr(HowToMakePrivate(settings_.password_file)), Not(HasSubstr("hidden"))));
}

TEST_F(SessionLogin, WarnsOfAPasswordFileOnce) {
  settings_.username = "me";
  settings_.token_cache = folder_ / "cache";
  settings_.password_file = folder_ / "password";
  WriteText(settings_.password_file, "pw\n", 0644);
  EXPECT_EQ(Ask(), "ok");
  answer_once_ = HttpAnswer(401, "expired");
  EXPECT_EQ(Ask(), "ok");
  EXPECT_EQ(Logins().size(), 2U);
  const std::string warnings = log_.Text(LogLevel::kWarning);
  EXPECT_EQ(warnings.find('\n'), warnings.size() - 1) << warnings;
}

TEST_F(SessionLogin, OfAnotherPasswordInTheSameProcessIsALoginOfItsOwn) {
  settings_.username = "me";
  settings_.token_cache = folder_ / "cache";
  settings_.password = Secret("pw");
  EXPECT_EQ(Ask(), "ok");
  wrong_password_ = "guess";
  settings_.password = Secret("guess");
  EXPECT_THAT(Ask(), HasSubstr("the login of 'me' was refused"));
  settings_.password = Secret("pw");
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(Logins(), ElementsAre(HasSubstr("password=pw"), HasSubstr("password=guess")));
}

TEST_F(SessionLogin, WithAnEmptyPasswordIsRefusedWhateverIsStored) {
  settings_.username = "me";
  settings_.token_cache = folder_ / "cache";
  settings_.password = Secret("pw");
  EXPECT_EQ(Ask(), "ok");
  const auto refusal = AllOf(HasSubstr("'me' is empty"), HasSubstr("S2C_PASSWORD_FILE"));
  settings_.password = Secret();
  EXPECT_THAT(Ask(), refusal);
  settings_.password.reset();
  settings_.password_file = folder_ / "password";
  WriteText(settings_.password_file, "\n");
  EXPECT_THAT(Ask(), refusal);
  EXPECT_EQ(Logins().size(), 1U) << "and is told to nobody";
  settings_.password_file.clear();
  EXPECT_EQ(Ask(), "ok");
}

TEST_F(SessionLogin, TakesThePasswordFileWhereThePasswordIsEmpty) {
  settings_.username = "me";
  settings_.password = Secret();
  settings_.password_file = folder_ / "password";
  WriteText(settings_.password_file, "pw\n");
  EXPECT_EQ(Ask(), "ok");
}

TEST_F(SessionLogin, KeepsWhatFollowsARefreshTokenApartFromItsUsersTokens) {
  settings_.username = "me";
  settings_.token_cache = folder_ / "cache";
  settings_.refresh_token = Secret("hidden-one");
  EXPECT_EQ(Ask(), "ok");
  settings_.page_size = 7;
  EXPECT_EQ(Ask(), "ok");
  settings_.refresh_token = Secret();
  settings_.password = Secret("pw");
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(Logins(), ElementsAre(HasSubstr("hidden-one"), HasSubstr("password=pw")));
}

TEST_F(SessionLogin, NamesAPasswordFileThatIsNotThere) {
  settings_.username = "me";
  settings_.password_file = folder_ / "nowhere";
  EXPECT_THAT(Ask(), AllOf(HasSubstr(settings_.password_file), HasSubstr(NoSuchFileReason()),
                           HasSubstr("S2C_PASSWORD_FILE")));
}

TEST_F(SessionLogin, TakesAGivenPasswordBeforeAFiles) {
  settings_.username = "me";
  settings_.password = Secret("given");
  settings_.password_file = folder_ / "nowhere";
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(Logins(), ElementsAre(HasSubstr("password=given")));
}

TEST_F(SessionLogin, KeepsItsTokenInTheCacheForAnEqualAccount) {
  settings_.username = "me";
  settings_.password = Secret("pw");
  settings_.token_cache = folder_ / "cache";
  EXPECT_EQ(Ask(), "ok");
  settings_.page_size = 7;  // another session, the same account
  EXPECT_EQ(Ask(), "ok");
  EXPECT_EQ(Logins().size(), 1U);
  settings_.username = "you";
  EXPECT_EQ(Ask(), "ok");
  EXPECT_EQ(Logins().size(), 2U);
}

TEST_F(SessionLogin, KeepsTheTokensOfTwoGivenRefreshTokensApart) {
  settings_.token_cache = folder_ / "cache";
  settings_.refresh_token = Secret("hidden-one");
  EXPECT_EQ(Ask(), "ok");
  settings_.refresh_token = Secret("hidden-two");
  EXPECT_EQ(Ask(), "ok");
  EXPECT_THAT(Logins(), ElementsAre(HasSubstr("hidden-one"), HasSubstr("hidden-two")));
}

TEST_F(SessionLogin, TakesEveryAddressOfARealm) {
  settings_.username = "me";
  settings_.password = Secret("pw");
  for (const char* more : {"", "/protocol/openid-connect/token"}) {
    settings_.auth_url = server_.Url(std::string("/realms/realm") + more);
    EXPECT_EQ(Ask(), "ok") << more;
  }
  EXPECT_EQ(Logins().size(), 2U);
}

TEST_F(SessionLogin, KnowsWhoIsLoggedIn) {
  settings_.username = "me";
  settings_.password = Secret("pw");
  answer_once_ = HttpAnswer(200, R"({"preferred_username": "me.too"})");
  EXPECT_EQ((*Session::For(settings_))->GetUserName().value_or(""), "me.too");
  settings_.client_id += "x";  // a session of its own
  EXPECT_THAT(ErrorOf((*Session::For(settings_))->GetUserName()).message,
              HasSubstr("/realm/userinfo'"));
}

TEST_F(SessionLogin, WithoutAnyCredentialsIsOneErrorThatNamesEveryWay) {
  EXPECT_THAT(Ask(), AllOf(HasSubstr("S2C_ACCESS_TOKEN"), HasSubstr("S2C_TOKENFILE"),
                           HasSubstr("S2C_REFRESH_TOKEN"), HasSubstr("S2C_USERNAME"),
                           HasSubstr("S2C_PASSWORD_FILE")));
  EXPECT_THAT(Logins(), testing::IsEmpty());
}

}  // namespace
}  // namespace s2c
