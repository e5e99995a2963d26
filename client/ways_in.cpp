// SPDX-License-Identifier: MIT
#include "client/ways_in.h"

#include "client/auth/auth_url.h"
#include "client/auth/password.h"
#include "client/base/log.h"
#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Read when a login needs it, so that a changed password is found.
Result<Secret> PasswordInFile(const std::string& path, bool& has_warned) {
  auto file = ReadPasswordFile(path);
  if (!file) return Pass(file);
  if (file->is_readable && !has_warned)
    LogWarning("the password file '" + path + "' can be read by others: " + HowToMakePrivate(path));
  has_warned = has_warned || file->is_readable;
  return std::move(file->password);
}

// Empty where none is given. Who gives an empty one is refused, and does not pass for somebody who
// gives none: for that one, stored tokens would open.
std::function<Result<Secret>()> PasswordOf(const SessionSettings& settings) {
  if (settings.username.empty() || (!settings.password && settings.password_file.empty()))
    return nullptr;
  const Secret password = settings.password.value_or(Secret());
  return [user = settings.username, password,
          file = password.empty() ? settings.password_file : std::string(),
          has_warned = false]() mutable -> Result<Secret> {
    Result<Secret> given = file.empty() ? password : PasswordInFile(file, has_warned);
    if (!given || !given->empty()) return given;
    return Fail(ErrorKind::kCredentials, "the password given for '" + OneLine(user) +
                                             "' is empty: set S2C_PASSWORD or S2C_PASSWORD_FILE");
  };
}

// Whose tokens a cache file holds. A refresh token stands for its account; a number made of it
// tells it from others and tells nobody what it is. What follows it is not its user's: no password
// of his has brought that.
std::string CacheUser(const SessionSettings& settings) {
  if (settings.refresh_token.empty()) return settings.username;
  return "refresh token " + std::to_string(Fingerprint(settings.refresh_token.Reveal())) +
         (settings.username.empty() ? "" : " of " + settings.username);
}

// Empty where there is no home.
std::string Sen2cliFile() {
  const std::string home = HomeFolder();
  return home.empty() ? home : home + "/.sen2cli/token.json";
}

// Whether what SignIn() keeps would be used with these settings.
bool MaySignIn(const SessionSettings& settings) {
  return !settings.token_cache.empty() && settings.access_token.empty() &&
         settings.refresh_token.empty() && !settings.password && settings.password_file.empty() &&
         (settings.token_file.empty() || settings.token_file == Sen2cliFile());
}

}  // namespace

Result<Url> LoginUrl(const SessionSettings& settings) {
  const auto url = Url::Parse(settings.auth_url);
  if (!url) return Fail(ErrorKind::kInvalidInput, url.error().message + "; check S2C_AUTH_URL");
  return AuthBase(*url);
}

LastLogin LastLoginOf(const SessionSettings& settings, const Url& auth_url, Clock& clock) {
  return {settings.token_cache, auth_url.ToString(), settings.client_id, clock};
}

std::unique_ptr<TokenStore> StoreOf(const SessionSettings& settings, const Url& auth_url,
                                    const std::string& user, Clock& clock) {
  return TokenStore::Cache(settings.token_cache, auth_url.ToString(), settings.client_id, user,
                           clock);
}

SessionSettings WithAccount(SessionSettings settings, const Url& auth_url, Clock& clock) {
  if (!settings.username.empty() || !settings.access_token.empty() ||
      !settings.refresh_token.empty() || !settings.token_file.empty())
    return settings;
  if (!settings.token_cache.empty())
    settings.username = LastLoginOf(settings, auth_url, clock).Read().value_or("");
  // Where somebody is named, sen2cli's own file may be of another account.
  if (settings.username.empty()) settings.token_file = Sen2cliFile();
  return settings;
}

LoginWays WaysOf(const SessionSettings& settings, const Url& auth_url, Clock& clock) {
  LoginWays ways;
  ways.access_token = settings.access_token;
  ways.refresh_token = settings.refresh_token;
  ways.username = settings.username;
  ways.password = PasswordOf(settings);
  const std::string user = CacheUser(settings);
  if (!settings.token_cache.empty() && !user.empty())
    ways.cache = StoreOf(settings, auth_url, user, clock);
  if (!settings.token_file.empty())
    ways.token_file = TokenStore::TokenFile(settings.token_file, auth_url.ToString(), clock);
  if (MaySignIn(settings))
    ways.last_login = std::make_unique<LastLogin>(LastLoginOf(settings, auth_url, clock));
  return ways;
}

}  // namespace s2c
