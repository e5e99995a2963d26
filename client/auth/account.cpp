// SPDX-License-Identifier: MIT
#include "client/auth/account.h"

#include "client/auth/authorizing.h"
#include "client/auth/jwt.h"
#include "client/base/json.h"

namespace s2c {
namespace {

constexpr const char* kClaim = "preferred_username";
constexpr std::size_t kMaxUserinfo = std::size_t{1} << 20;

}  // namespace

Result<std::string> PreferredUsername(Transport& transport, TokenSource& tokens,
                                      const Url& auth_url) {
  AuthorizingTransport authorizing(transport, tokens, TokenScope(auth_url, {}), {});
  Request request;
  request.url = auth_url.Below("userinfo");
  request.headers = {{"Accept", "application/json"}};
  request.max_body = kMaxUserinfo;
  const auto response = authorizing.Send(request);
  if (response && response->Ok()) {
    const auto document = ParseJson(response->body);
    const auto name = document ? TextAt(**document, kClaim) : std::nullopt;
    if (name && !name->empty()) return *name;
  }
  const auto token = tokens.Get();
  if (!token) return Pass(token);
  if (const auto name = JwtClaim(*token, kClaim)) return *name;
  const std::string why =
      response ? "it answers HTTP " + std::to_string(response->status) : response.error().message;
  return Fail(ErrorKind::kProtocol,
              "the login server does not say who is logged in: neither the token does nor '" +
                  request.url.ToString() + "' (" + why + "); check S2C_AUTH_URL",
              response ? response->status : 0);
}

}  // namespace s2c
