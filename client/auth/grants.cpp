// SPDX-License-Identifier: MIT
#include "client/auth/grants.h"

#include "client/auth/password.h"
#include "client/auth/token_document.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{1} << 20;
// Of a password whose answer was lost it is not known whether it was taken for a failure, of which
// an account stands few.
constexpr int kPasswordRepeats = 1;
// A refresh token works once: sent again after it was taken, it ends the session for all who have
// it (RFC 9700, section 4.14.2).
constexpr int kRefreshRepeats = 0;
// What was ended is still ended when it is ended again.
constexpr int kLogOutRepeats = 1;

std::string Quoted(const Url& url) { return "'" + url.ToString() + "'"; }

}  // namespace

Grants::Grants(Transport& transport, Clock& clock, const Url& auth_url, std::string client_id)
    : transport_(transport),
      clock_(clock),
      token_url_(auth_url.Below("token")),
      logout_url_(auth_url.Below("logout")),
      client_id_(std::move(client_id)) {}

Result<Token> Grants::Password(const std::string& username, const Secret& password, bool offline) {
  Refusal refusal;
  auto token = Ask({{"grant_type", "password"},
                    {"client_id", client_id_},
                    {"username", username},
                    {"password", password.Reveal()},
                    // Keycloak's userinfo says who this is to such tokens alone (issue 10).
                    {"scope", offline ? "openid offline_access" : "openid"}},
                   kPasswordRepeats, refusal);
  if (token || refusal.kind != ErrorKind::kCredentials) return token;
  std::string message = "the login of '" + OneLine(username) + "' was refused by " + Named() +
                        " (" + refusal.reason + "): ";
  if (!refusal.advice.empty()) {
    message += refusal.advice;
  } else {
    message += "check S2C_USERNAME and S2C_PASSWORD (or S2C_PASSWORD_FILE)";
    const std::string mistake = LikelyMistake(password);
    if (!mistake.empty()) message += "; the password " + mistake;
    message += "; after many failures an account is locked for some minutes, whatever the password";
  }
  return Fail(ErrorKind::kCredentials, message, token.error().http_status);
}

Result<Token> Grants::Refresh(const Secret& refresh_token) {
  Refusal refusal;
  auto token = Ask({{"grant_type", "refresh_token"},
                    {"client_id", client_id_},
                    {"refresh_token", refresh_token.Reveal()}},
                   kRefreshRepeats, refusal);
  if (!token && refusal.kind == ErrorKind::kInterrupted)
    return Fail(ErrorKind::kInterrupted,
                "the login may have ended, since the answer to its renewal by " + Named() +
                    " was lost (" + refusal.reason + "): log in anew",
                token.error().http_status);
  if (token || refusal.kind != ErrorKind::kCredentials) return token;
  return Fail(ErrorKind::kCredentials,
              "the login has ended (" + Named() + " answered " + refusal.reason +
                  "): " + (refusal.advice.empty() ? "" : refusal.advice + ", or ") + "log in anew",
              token.error().http_status);
}

// Keycloak ends the session of a refresh token that comes to its logout endpoint by POST, also
// where the token itself is over; 400 is for one that is none, or nobody's any more.
Status Grants::LogOut(const Secret& refresh_token) {
  Refusal refusal;
  const auto answer =
      Post(logout_url_, {{"client_id", client_id_}, {"refresh_token", refresh_token.Reveal()}},
           kLogOutRepeats, refusal);
  if (answer || refusal.error == "invalid_grant") return {};
  return Fail(answer.error().kind, "not logged out at the server: " + answer.error().message,
              answer.error().http_status);
}

std::string Grants::Named() const { return Quoted(token_url_); }

Result<Token> Grants::Ask(const Parameters& form, int repeats_in_doubt, Refusal& refusal) {
  const Clock::TimePoint asked = clock_.Now();
  const auto response = Post(token_url_, form, repeats_in_doubt, refusal);
  if (!response)
    return Fail(response.error().kind, "no login: " + response.error().message,
                response.error().http_status);
  auto token = ReadGrantAnswer(response->body, asked);
  if (!token)
    return Fail(ErrorKind::kProtocol,
                "no login: " + Named() + " does not answer as an OAuth2 server; check S2C_AUTH_URL",
                response->status);
  return *token;
}

Result<Response> Grants::Post(const Url& url, const Parameters& form, int repeats_in_doubt,
                              Refusal& refusal) {
  // RFC 6749, section 1.6 leaves TLS to the deployment; here a password in the clear is refused.
  if (!url.IsHttps() && !url.IsLoopback())
    return Fail(ErrorKind::kInvalidInput,
                "nothing is sent to " + Quoted(url) +
                    " without TLS: set S2C_AUTH_URL to its https address");
  Request request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = EncodeParameters(form);
  request.max_body = kMaxAnswer;
  request.repeats_in_doubt = repeats_in_doubt;
  auto response = transport_.Send(std::move(request));
  if (!response) {
    refusal.reason = response.error().message;
    // Too long for a token: that is not the answer for which the login is.
    refusal.kind =
        response.error().kind == ErrorKind::kTooLong ? ErrorKind::kProtocol : response.error().kind;
    return Fail(refusal.kind, Quoted(url) + ": " + refusal.reason + "; check S2C_AUTH_URL");
  }
  if (response->Ok()) return response;
  refusal = ReadRefusal(*response, url);
  return Fail(refusal.kind,
              Quoted(url) + " answered " + refusal.reason +
                  (refusal.advice.empty() ? "; check S2C_AUTH_URL, or try again later"
                                          : ": " + refusal.advice),
              response->status);
}

}  // namespace s2c
