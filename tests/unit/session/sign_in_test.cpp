// SPDX-License-Identifier: MIT
#include "client/sign_in.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <vector>

#include "client/auth/token_store.h"
#include "client/base/json.h"
#include "client/base/system.h"
#include "tests/unit/support/base64.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// A login server, its service, and programs of one user that start one after the other.
class SigningIn : public testing::Test {
 protected:
  SigningIn() {
    settings_.api_url = server_.Url("/v1");
    settings_.auth_url = server_.Url("/realm");
    settings_.client_id = "c";
    settings_.token_cache = folder_ / "cache";
    settings_.max_retry = 0;
  }

  Result<std::string> In(const std::string& user = "demo", bool offline = false,
                         const std::string& password = "sesame") {
    return SignIn(settings_, user, Secret(password), offline);
  }
  std::string Out() {
    const auto out = SignOut(settings_);
    if (!out) return "failed: " + out.error().message;
    return out->value_or("(nobody)");
  }
  // Whose bearer the service is sent by a program that is given no credentials.
  std::string Opener() {
    ++settings_.page_size;  // as another program: a session of its own
    const auto session = Session::For(settings_);
    return session ? AskedBy(**session) : session.error().message;
  }
  std::string AskedBy(Session& session) {
    session.ForgetInference(7);
    const auto text = session.GetInferenceText(7);
    if (!text) return "failed: " + text.error().message;
    const std::lock_guard<std::mutex> lock(mutex_);
    return bearer_;
  }
  // Each request to the login server: "token BODY", "logout BODY", "userinfo".
  std::vector<std::string> Asked() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return asked_;
  }
  std::string Stored(const std::string& user = "demo") {
    const auto token =
        TokenStore::Cache(settings_.token_cache, settings_.auth_url, "c", user, SystemClock())
            ->Read();
    return token ? token->access.Reveal() : "(none)";
  }
  // The content of all that is kept.
  std::set<std::string> AllFiles() const {
    std::set<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(settings_.token_cache)) {
      EXPECT_EQ(ModeOf(entry.path().u8string()), 0600U) << entry.path().u8string();
      const std::string content = ReadText(entry.path().u8string());
      if (!content.empty()) all.insert(content);  // no lock
    }
    return all;
  }
  std::string AllText() const {
    std::string text;
    for (const std::string& content : AllFiles()) text += content;
    return text;
  }

  std::string Serve(const std::string& head, const std::string& body) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (head.find("/realm/") == std::string::npos) {
      const std::size_t at = head.find("Bearer ");
      bearer_ =
          at == std::string::npos ? "(none)" : head.substr(at + 7, head.find('\r', at) - at - 7);
      return HttpAnswer(200, R"({"data": {"type": "inference", "id": "7", "attributes": {}}})",
                        "Content-Type: application/vnd.api+json\r\n");
    }
    const std::size_t name = head.find("/realm/") + 7;
    const std::string endpoint = head.substr(name, head.find(' ', name) - name);
    asked_.push_back(endpoint + (body.empty() ? "" : " " + body));
    if (down_ != 0) return HttpAnswer(down_, "<html>");
    if (endpoint == "logout") return HttpAnswer(logout_status_, logout_answer_);
    if (endpoint == "userinfo") return HttpAnswer(403, R"({"error": "insufficient_scope"})");
    if (body.find("password=wrong") != std::string::npos)
      return HttpAnswer(401, R"({"error": "invalid_grant"})");
    const std::size_t user = body.find("username=") + 9;
    token_ = MakeJwt(R"({"preferred_username": "the.)" +
                     body.substr(user, body.find('&', user) - user) + R"(", "sub": "s"})");
    return HttpAnswer(200, R"({"access_token": ")" + token_ + R"(", "refresh_token": "hidden-r",
                               "expires_in": 300, "refresh_expires_in": 0})",
                      "Content-Type: application/json\r\n");
  }

  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::string bearer_, token_, logout_answer_;
  int logout_status_ = 204;
  int down_ = 0;
  TemporaryFolder folder_;
  // sen2cli's file is looked for there.
  const EnvironmentVariable home_{kHomeVariable, folder_.path()};
  CapturedLog log_;
  SessionSettings settings_;
  HttpServer server_{
      [this](const std::string& head, const std::string& body) { return Serve(head, body); }};
};

TEST_F(SigningIn, GivesTheNameThatTheServiceHasAndOpensWithoutAnythingGiven) {
  const auto name = In();
  EXPECT_EQ(MessageOf(name), "");
  EXPECT_EQ(name.value_or(""), "the.demo");
  EXPECT_EQ(Opener(), token_);
  EXPECT_THAT(Asked(), ElementsAre("token grant_type=password&client_id=c&username=demo&"
                                   "password=sesame&scope=openid",
                                   "userinfo"));
}

TEST_F(SigningIn, OfflineAsksForALoginWithoutAnEnd) {
  EXPECT_EQ(MessageOf(In("demo", true)), "");
  EXPECT_THAT(Asked().front(), HasSubstr("&scope=openid%20offline_access"));
}

TEST_F(SigningIn, KeepsNoPasswordAndNothingThatOthersCanRead) {
  settings_.token_cache = folder_ / "a/new/cache";
  EXPECT_EQ(MessageOf(In()), "");
  EXPECT_THAT(AllText(),
              AllOf(HasSubstr(token_), HasSubstr("s2c_last_login"), Not(HasSubstr("sesame"))));
  EXPECT_EQ(ModeOf(settings_.token_cache), 0700U);
  EXPECT_THAT(log_.Text(LogLevel::kDebug) + log_.Text(LogLevel::kWarning),
              AllOf(Not(HasSubstr("sesame")), Not(HasSubstr(token_)), Not(HasSubstr("hidden"))));
}

TEST_F(SigningIn, ServesTheNameThatWasTypedToo) {
  EXPECT_EQ(MessageOf(In(" demo ")), "");
  settings_.username = "demo";
  EXPECT_EQ(Opener(), token_);
  // Stored tokens open for the password that brought them.
  settings_.password = Secret("sesame");
  EXPECT_EQ(Opener(), token_);
  EXPECT_EQ(Asked().size(), 2U);
  settings_.password = Secret("wrong");
  EXPECT_THAT(Opener(), HasSubstr("the login of 'demo' was refused"));
}

TEST_F(SigningIn, HoldsAPasswordThatIsGivenWithoutANameAgainstTheLogin) {
  EXPECT_EQ(MessageOf(In()), "");
  settings_.password = Secret("wrong");
  EXPECT_THAT(Opener(), HasSubstr("the login of 'demo' was refused"));
}

TEST_F(SigningIn, MakesAnotherSessionOfAnotherAccount) {
  EXPECT_EQ(MessageOf(In("demo")), "");
  const auto first = *Session::For(settings_);
  const std::string demo = AskedBy(*first);
  EXPECT_EQ(first->GetUserName().value_or(""), "the.demo");
  EXPECT_EQ(MessageOf(In("other")), "");
  const auto second = *Session::For(settings_);
  EXPECT_NE(first, second);
  EXPECT_EQ(AskedBy(*second), token_);
  EXPECT_EQ(second->GetUserName().value_or(""), "the.other");
  EXPECT_EQ(AskedBy(*first), demo) << "what is open stays of who has opened it";
  EXPECT_EQ(first->GetUserName().value_or(""), "the.demo");
  // As a forked child asks for a session of its own.
  EXPECT_EQ(*Session::For(first->settings()), first);
}

TEST_F(SigningIn, AgainAsTheSameIsTheSameSession) {
  EXPECT_EQ(MessageOf(In()), "");
  const auto first = *Session::For(settings_);
  EXPECT_EQ(MessageOf(In()), "");
  EXPECT_EQ(*Session::For(settings_), first);
}

TEST_F(SigningIn, LeavesWaysThatAreGivenAlone) {
  EXPECT_EQ(MessageOf(In()), "");
  settings_.access_token = Secret("given");
  EXPECT_EQ(Opener(), "given");
  settings_.access_token = Secret();
  settings_.token_file = folder_ / "nowhere.json";
  EXPECT_THAT(Opener(), AllOf(HasSubstr("there is no token file"), Not(HasSubstr("s2c login"))));
}

TEST_F(SigningIn, GoesBeforeSen2clisOwnFileWhichIsTheWayInWhereNobodyHas) {
  settings_.username = "cli";
  settings_.password = Secret("x");
  Opener();
  const std::string cli = token_;
  std::filesystem::create_directory(folder_ / ".sen2cli");
  WriteText(folder_ / ".sen2cli/token.json",
            ReadText(TokenStore::Cache(settings_.token_cache, settings_.auth_url, "c", "cli",
                                       SystemClock())
                         ->path()));
  settings_.username.clear();
  settings_.password.reset();
  EXPECT_EQ(Opener(), cli) << "a login by a password that is given is no remembered one";
  EXPECT_EQ(MessageOf(In()), "");
  EXPECT_NE(token_, cli);
  EXPECT_EQ(Opener(), token_);
  ASSERT_TRUE(
      TokenStore::Cache(settings_.token_cache, settings_.auth_url, "c", "demo", SystemClock())
          ->Remove());
  EXPECT_THAT(Opener(), HasSubstr("'demo' is not logged in")) << "it may be of another account";
  EXPECT_EQ(Out(), "demo");
  EXPECT_EQ(Opener(), cli);
}

TEST_F(SigningIn, ThatIsRefusedLeavesWhatIsStored) {
  EXPECT_EQ(MessageOf(In()), "");
  const auto before = AllFiles();
  EXPECT_THAT(ErrorOf(In("demo", false, "wrong")),
              FailsWith(ErrorKind::kCredentials, AllOf(HasSubstr("the login of 'demo' was refused"),
                                                       Not(HasSubstr("wrong")))));
  down_ = 503;
  EXPECT_FALSE(In());
  EXPECT_FALSE(In("other"));
  EXPECT_EQ(AllFiles(), before);
  EXPECT_EQ(Opener(), token_);
}

TEST_F(SigningIn, WhereNothingCanBeKeptSaysSoAndSendsNoPassword) {
  settings_.token_cache.clear();
  EXPECT_THAT(ErrorOf(In()), FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_TOKEN_CACHE")));
  settings_.token_cache = folder_ / "open";
  std::filesystem::create_directory(settings_.token_cache);
  SetMode(settings_.token_cache, 0755);
  EXPECT_THAT(ErrorOf(In()),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("closed to others"), HasSubstr("S2C_TOKEN_CACHE"))));
  WriteText(folder_ / "file", "");
  settings_.token_cache = folder_ / "file/cache";
  EXPECT_THAT(ErrorOf(In()), FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_TOKEN_CACHE")));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SigningIn, OnAFullDiskFailsAndLeavesWhatIsStored) {
  EXPECT_EQ(MessageOf(In()), "");
  {
    const FullDisk full;
    EXPECT_THAT(ErrorOf(In("other")),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("cannot be kept")));
  }
  settings_.page_size = 7;
  EXPECT_EQ((*Session::For(settings_))->GetUserName().value_or(""), "the.demo");
}

TEST_F(SigningIn, WithoutANameOrAPasswordSendsNothing) {
  EXPECT_THAT(ErrorOf(In("  ")).message, HasSubstr("S2C_USERNAME"));
  EXPECT_THAT(ErrorOf(In("a\nb")).message, HasSubstr("S2C_USERNAME"));
  EXPECT_THAT(ErrorOf(In("demo", false, "")).message, HasSubstr("is empty"));
  settings_.auth_url = "no address";
  EXPECT_THAT(ErrorOf(In()).message, HasSubstr("S2C_AUTH_URL"));
  EXPECT_THAT(ErrorOf(SignOut(settings_)).message, HasSubstr("S2C_AUTH_URL"));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SigningIn, IsEndedAtTheServerAndForgotten) {
  EXPECT_EQ(MessageOf(In()), "");
  EXPECT_EQ(Out(), "the.demo");
  EXPECT_EQ(Asked().back(), "logout client_id=c&refresh_token=hidden-r");
  EXPECT_EQ(Stored(), "(none)");
  EXPECT_THAT(AllText(), AllOf(Not(HasSubstr("demo")), Not(HasSubstr("hidden"))));
  EXPECT_THAT(Opener(), AllOf(HasSubstr("no credentials"), HasSubstr("`s2c login`")));
  EXPECT_EQ(Out(), "(nobody)");
}

TEST_F(SigningIn, IsForgottenWhereTheServerHadEndedItBefore) {
  EXPECT_EQ(MessageOf(In()), "");
  logout_status_ = 400;
  logout_answer_ = R"({"error": "invalid_grant", "error_description": "Invalid refresh token"})";
  EXPECT_EQ(Out(), "the.demo");
  EXPECT_EQ(Stored(), "(none)");
}

TEST_F(SigningIn, IsForgottenWhereTheServerDoesNotAnswerWhichIsTold) {
  for (const int status : {404, 500}) {
    EXPECT_EQ(MessageOf(In()), "");
    logout_status_ = status;
    EXPECT_THAT(Out(), AllOf(HasSubstr("the tokens of 'demo' are removed"),
                             HasSubstr("not logged out at the server"),
                             HasSubstr("HTTP " + std::to_string(status)), HasSubstr("S2C_AUTH_URL"),
                             Not(HasSubstr("hidden"))));
    EXPECT_EQ(Stored(), "(none)");
    EXPECT_EQ(Out(), "(nobody)");
  }
}

TEST_F(SigningIn, OfOneAccountIsEndedByItsName) {
  EXPECT_EQ(MessageOf(In("demo")), "");
  EXPECT_EQ(MessageOf(In("other")), "");
  const std::string other = token_;
  settings_.username = "demo";
  EXPECT_EQ(Out(), "the.demo");
  EXPECT_EQ(Out(), "(nobody)");
  settings_.username.clear();
  EXPECT_EQ(Opener(), other);
  EXPECT_EQ(Out(), "the.other");
}

TEST_F(SigningIn, IsNobodysWithoutATokenCacheAndMakesNone) {
  settings_.token_cache.clear();
  EXPECT_EQ(Out(), "(nobody)");
  settings_.token_cache = folder_ / "cache";
  EXPECT_EQ(Out(), "(nobody)");
  settings_.username = "demo";
  EXPECT_EQ(Out(), "(nobody)");
  EXPECT_FALSE(IsFolder(settings_.token_cache));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SigningIn, IsEndedForProgramsThatRunWithoutComingBack) {
  EXPECT_EQ(MessageOf(In()), "");
  const auto session = *Session::For(settings_);
  EXPECT_EQ(AskedBy(*session), token_);
  logout_status_ = 500;
  Out();
  EXPECT_EQ(Stored(), "(none)");
  EXPECT_EQ(AskedBy(*session), token_) << "for the rest of its minutes";
  EXPECT_EQ(Stored(), "(none)");
}

TEST_F(SigningIn, AsksForTheNameOnceASession) {
  EXPECT_EQ(MessageOf(In()), "");
  const auto session = *Session::For(settings_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(session->GetUserName().value_or(""), "the.demo");
  EXPECT_THAT(Asked(), ElementsAre(HasSubstr("token"), "userinfo", "userinfo"));
}

}  // namespace
}  // namespace s2c
