// SPDX-License-Identifier: MIT
#include "client/auth/grants.h"

#include "client/auth/token_document.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{1} << 20;

// RFC 6749, section 5.2: {"error": ..., "error_description": ...}. Keycloak's description is a
// fixed sentence and holds nothing that was sent.
std::string Reason(const Response& response) {
  std::string reason = "HTTP " + std::to_string(response.status);
  if (const auto document = ParseJson(response.body)) {
    for (const char* name : {"error", "error_description"}) {
      if (const auto text = TextAt(**document, name)) reason += ", " + OneLine(*text);
    }
  }
  return reason;
}

}  // namespace

Grants::Grants(Transport& transport, Clock& clock, Url auth_url, std::string client_id)
    : transport_(transport),
      clock_(clock),
      auth_url_(std::move(auth_url)),
      client_id_(std::move(client_id)) {}

Result<Token> Grants::Password(const std::string& username, const Secret& password) {
  auto token = Ask({{"grant_type", "password"},
                    {"client_id", client_id_},
                    {"username", username},
                    {"password", password.Reveal()}});
  if (!token && token.error().kind == ErrorKind::kCredentials)
    return Fail(ErrorKind::kCredentials,
                "the login of '" + OneLine(username) + "' was refused (" + token.error().message +
                    "): check S2C_USERNAME and S2C_PASSWORD (or S2C_PASSWORD_FILE)",
                token.error().http_status);
  return token;
}

Result<Token> Grants::Refresh(const Secret& refresh_token) {
  return Ask({{"grant_type", "refresh_token"},
              {"client_id", client_id_},
              {"refresh_token", refresh_token.Reveal()}});
}

Result<Token> Grants::Ask(const Parameters& form) {
  // RFC 6749, section 1.6 leaves TLS to the deployment; here a password in the clear is refused.
  if (!auth_url_.IsHttps() && !auth_url_.IsLoopback())
    return Fail(ErrorKind::kInvalidInput, "no login is sent to '" + auth_url_.ToString() +
                                              "' without TLS: set S2C_AUTH_URL to its https "
                                              "address");
  Request request;
  request.method = "POST";
  request.url = auth_url_.Below("token");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = EncodeParameters(form);
  request.max_body = kMaxAnswer;
  const Clock::TimePoint asked = clock_.Now();
  const auto response = transport_.Send(std::move(request));
  if (!response) {
    const ErrorKind kind = response.error().kind;
    // Too long for a token: that is not the answer for which the login is.
    return Fail(kind == ErrorKind::kTooLong ? ErrorKind::kProtocol : kind,
                "no login: " + response.error().message + "; check S2C_AUTH_URL");
  }
  if (response->status == 400 || response->status == 401 || response->status == 403)
    return Fail(ErrorKind::kCredentials, Reason(*response), response->status);
  if (!response->Ok())
    return Fail(ErrorKind::kServer,
                "no login: '" + auth_url_.ToString() + "' answered " + Reason(*response) +
                    "; check S2C_AUTH_URL, or try again later",
                response->status);
  auto token = ReadGrantAnswer(response->body, asked);
  if (!token)
    return Fail(ErrorKind::kProtocol,
                "no login: '" + auth_url_.ToString() +
                    "' does not answer as an OAuth2 server; check S2C_AUTH_URL",
                response->status);
  return *token;
}

}  // namespace s2c
