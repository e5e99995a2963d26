// SPDX-License-Identifier: MIT
#include "client/sign_in.h"

#include "client/auth/account.h"
#include "client/auth/grants.h"
#include "client/auth/jwt.h"
#include "client/auth/login.h"
#include "client/auth/password_check.h"
#include "client/base/text.h"
#include "client/http/curl_transport.h"
#include "client/http/retry.h"
#include "client/ways_in.h"

namespace s2c {
namespace {

struct LoginServer {
  LoginServer(const SessionSettings& settings, Url base)
      : auth_url(std::move(base)),
        curl(settings.connection),
        transport(curl, RetryPolicy{settings.max_retry, settings.retry_delay}, SystemClock(),
                  SystemRandom(), DeadServers::For(settings.connection)),
        grants(transport, SystemClock(), auth_url, settings.client_id) {}

  Result<std::string> NameOf(const Token& token) {
    LoginWays ways;
    ways.access_token = token.access;
    Login login(grants, SystemClock(), std::move(ways));
    return PreferredUsername(transport, login, auth_url);
  }

  const Url auth_url;
  CurlTransport curl;
  RetryingTransport transport;
  Grants grants;
};

tl::unexpected<Error> NotKept(const std::string& why) {
  return Fail(ErrorKind::kInvalidInput, "the login cannot be kept, since " + why +
                                            ": set S2C_TOKEN_CACHE to a folder that is yours");
}

Status CheckWhatIsGiven(const SessionSettings& settings, const std::string& user,
                        const Secret& password) {
  if (settings.token_cache.empty())
    return Fail(ErrorKind::kInvalidInput,
                "a login is kept in the token cache, and there is none: set S2C_TOKEN_CACHE to YES "
                "or to a folder");
  if (user.empty() || HasControl(user))
    return Fail(ErrorKind::kInvalidInput,
                "no login without a user's name, in which no control character may be: give it, or "
                "set S2C_USERNAME");
  if (password.empty())
    return Fail(ErrorKind::kCredentials, "the password given for '" + OneLine(user) + "' is empty");
  return {};
}

}  // namespace

// The name is the one that was typed, as of every file of the cache: S2C_USERNAME finds it again.
Result<std::string> SignIn(const SessionSettings& settings, const std::string& username,
                           const Secret& password, bool offline) {
  const std::string user(Trim(username));
  const auto auth_url = LoginUrl(settings);
  if (!auth_url) return Pass(auth_url);
  const Status given = CheckWhatIsGiven(settings, user, password);
  if (!given) return Pass(given);
  // Before a password is sent for nothing.
  const Status folder = MakePrivateFolder(settings.token_cache);
  if (!folder) return NotKept(folder.error().message);
  const auto store = StoreOf(settings, *auth_url, user, SystemClock());
  const auto lock = store->Lock();
  if (!lock) return NotKept("'" + store->path() + ".lock' cannot be locked");
  LoginServer server(settings, *auth_url);
  auto token = server.grants.Password(user, password, offline);
  if (!token) return Pass(token);
  auto name = server.NameOf(*token);
  if (!name) return name;
  token->password_digest = MakePasswordDigest(password);
  Status kept = store->Write(*token);
  if (kept) kept = LastLoginOf(settings, *auth_url, SystemClock()).Set(user);
  if (!kept) return NotKept(kept.error().message);
  return name;
}

Result<std::optional<std::string>> SignOut(const SessionSettings& settings) {
  const auto auth_url = LoginUrl(settings);
  if (!auth_url) return Pass(auth_url);
  if (settings.token_cache.empty()) return std::nullopt;
  const LastLogin last_login = LastLoginOf(settings, *auth_url, SystemClock());
  const auto last = last_login.Read();
  const std::string user = settings.username.empty() ? last.value_or("") : settings.username;
  if (user.empty()) return std::nullopt;
  const auto store = StoreOf(settings, *auth_url, user, SystemClock());
  if (user != last && !store->Read()) return std::nullopt;
  // Whoever renews the login meanwhile would bring it back.
  const auto lock = store->Lock();
  if (!lock)
    return Fail(ErrorKind::kInvalidInput, "the login of '" + OneLine(user) +
                                              "' cannot be ended, since '" + store->path() +
                                              ".lock' cannot be locked: remove that file's folder");
  const auto token = store->Read();
  Status ended;
  if (token && !token->refresh.empty())
    ended = LoginServer(settings, *auth_url).grants.LogOut(token->refresh);
  const Status forgotten = store->Remove();
  if (!forgotten) return Pass(forgotten);
  const Status cleared = last_login.Clear(user);
  if (!cleared) return Pass(cleared);
  if (!ended)
    return Fail(ended.error().kind,
                "the tokens of '" + OneLine(user) + "' are removed, but " + ended.error().message,
                ended.error().http_status);
  if (!token) return user;
  return JwtClaim(token->access, "preferred_username").value_or(user);
}

}  // namespace s2c
