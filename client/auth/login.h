// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/auth/grants.h"
#include "client/auth/last_login.h"
#include "client/auth/token.h"
#include "client/auth/token_store.h"

namespace s2c {

/// Every way in that a user has given, in the order in which they are tried.
struct LoginWays {
  Secret access_token;                     ///< used as it is while the server takes it
  std::unique_ptr<TokenStore> cache;       ///< null: no token cache
  std::unique_ptr<TokenStore> token_file;  ///< null: none
  Secret refresh_token;
  std::string username;
  /// Asked for when a password grant is needed, or before a cached token is used; empty: there is
  /// no password.
  std::function<Result<Secret>()> password;
  /// Who has logged in last by SignIn(); null where that helps nobody who is given these ways.
  std::unique_ptr<LastLogin> last_login;
};

/// The bearer of one account. It is replaced shortly before it expires, or when the server refuses
/// it: by what another process has stored meanwhile, by a refresh, or by a new login. However many
/// threads ask, one of them does the work; the others wait for it, or go on with the old token
/// while that lives. Processes exclude each other by the stores' locks. Where a password is given,
/// a cached token serves only if this password has brought it. Thread-safe.
class Login final : public TokenSource {
 public:
  /// The references must outlive this.
  Login(Grants& grants, Clock& clock, LoginWays ways);

  Result<Secret> Get() override;
  Result<Secret> Replace(const Secret& refused) override;

 private:
  using Attempt = std::optional<Result<Token>>;

  Result<Secret> Obtain(const Secret& refused);
  Result<Token> RenewSafely(const Secret& refused);
  Result<Token> Renew(const Secret& refused);
  Result<Token> RenewOwn(const Secret& refused);
  const Result<Secret>& GivenPassword();
  bool MayUse(const TokenStore& store, const Token& stored);
  Attempt TakeStored(const TokenStore& store, const Secret& refused);
  Attempt RefreshStored(const TokenStore& store, const Secret& refused);
  Attempt RefreshWith(const Token& old);
  Attempt RefreshGiven(bool cache_is_locked);
  Attempt LogIn();
  Attempt RefreshKept(bool cache_is_locked);
  Attempt RefreshUnlocked();
  bool IsLoggedOut() const;
  Status Keep(const Token& token, const TokenStore* home, bool is_locked);
  void WarnOfLoss(const TokenStore& store, const std::string& why);
  bool HoldsFailure() const;
  std::string Trouble(const TokenStore& store, const std::string& of) const;
  std::string StoredTrouble() const;
  std::string OthersLogin() const;
  Error NoWay() const;

  Grants& grants_;
  Clock& clock_;
  const LoginWays ways_;

  std::mutex mutex_;
  std::condition_variable renewed_;
  bool renewing_ = false;
  std::uint64_t generation_ = 0;  ///< counts the renewals that have ended
  std::optional<Token> token_;
  std::optional<Error> failure_;  ///< of the last renewal
  Clock::TimePoint failed_at_{};

  // Of the renewing thread alone.
  bool given_token_refused_ = false;
  std::optional<Result<Secret>> password_;   ///< as given, for this renewal
  const TokenStore* home_ = nullptr;         ///< where token_ is stored, or would be
  bool refresh_was_refused_ = false;         ///< in this renewal
  std::optional<Error> ended_;               ///< why the last refresh brought nothing
  bool in_memory_only_ = false;              ///< token_ could not be stored
  bool has_warned_ = false;                  ///< of a refresh token that was used up for nothing
  std::vector<Secret> used_refresh_tokens_;  ///< used up or refused, the latest last
};

}  // namespace s2c
