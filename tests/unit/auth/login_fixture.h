// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "client/auth/login.h"
#include "client/auth/password_check.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_realm.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c::testing_support {

constexpr const char* kPassword = "p+w&d=%40 \xC3\xBC\"'\\";

/// The token, or "failed: " and the error.
inline std::string TextOf(const Result<Secret>& token) {
  return token ? token->Reveal() : "failed: " + token.error().message;
}
inline std::string Get(Login& login) { return TextOf(login.Get()); }
inline std::string Replace(Login& login, const std::string& refused) {
  return TextOf(login.Replace(Secret(refused)));
}

/// A realm, a clock and a folder, of which tests make logins.
class LoginFixture : public testing::Test {
 protected:
  /// `user` with a password.
  static LoginWays PasswordOf(const std::string& user = "me",
                              const std::string& password = kPassword) {
    LoginWays ways;
    ways.username = user;
    ways.password = [password] { return Secret(password); };
    return ways;
  }
  static LoginWays AccessToken(const std::string& token) {
    LoginWays ways;
    ways.access_token = Secret(token);
    return ways;
  }
  static LoginWays RefreshToken(const std::string& token) {
    LoginWays ways;
    ways.refresh_token = Secret(token);
    return ways;
  }
  LoginWays WithCache(LoginWays ways, const std::string& user = "me") {
    ways.cache = Cache(user);
    return ways;
  }
  LoginWays WithTokenFile(LoginWays ways = {}) {
    ways.token_file = TokenFile();
    return ways;
  }
  std::unique_ptr<TokenStore> Cache(const std::string& user = "me") {
    return TokenStore::Cache(cache_folder_, FakeRealm::kUrl, "client", user, clock_);
  }
  std::unique_ptr<TokenStore> TokenFile() {
    return TokenStore::TokenFile(token_file_, FakeRealm::kUrl, clock_);
  }
  std::unique_ptr<Login> Make(LoginWays ways) {
    return std::make_unique<Login>(grants_, clock_, std::move(ways));
  }

  static Token ByPassword(Token token) {
    token.password_digest = MakePasswordDigest(Secret(kPassword));
    return token;
  }
  /// Puts a token into the cache, as another process would that has logged in by kPassword.
  void PutIntoCache(const Token& token, const std::string& user = "me") {
    const auto cache = Cache(user);
    const auto lock = cache->Lock();
    ASSERT_TRUE(lock);
    ASSERT_TRUE(cache->Write(ByPassword(token)));
  }
  std::string CacheBytes(const std::string& user = "me") { return ReadText(Cache(user)->path()); }
  std::string Cached(const std::string& user = "me") {
    const auto token = Cache(user)->Read();
    return token ? token->access.Reveal() + " " + token->refresh.Reveal() : "(none)";
  }

  FakeClock clock_;
  FakeRealm realm_;
  Grants grants_ = realm_.MakeGrants(clock_);
  TemporaryFolder folder_;
  const std::string cache_folder_ = folder_ / "cache";
  const std::string token_file_ = folder_ / "token.json";
};

}  // namespace s2c::testing_support
