// SPDX-License-Identifier: MIT
#include "client/auth/login.h"

#include <algorithm>
#include <exception>

#include "client/auth/password_check.h"
#include "client/base/iso_time.h"
#include "client/base/log.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// A login that has failed, or may have, is not tried again for so long: programs ask many times in
// a row, and servers lock accounts that fail too often.
constexpr std::chrono::seconds kRefusalHolds{10};
// Refresh tokens that are remembered as used up: more than there are ways in.
constexpr std::size_t kMostUsed = 16;

bool IsRefusal(const Result<Token>& result) {
  return !result && result.error().kind == ErrorKind::kCredentials;
}

// Nobody knows whether the server has done it.
bool IsInDoubt(const Result<Token>& result) {
  return !result && result.error().kind == ErrorKind::kInterrupted;
}

bool IsWorthAnotherTry(const Error& failure) {
  return failure.kind != ErrorKind::kCredentials && failure.kind != ErrorKind::kInvalidInput &&
         failure.kind != ErrorKind::kInterrupted;
}

std::string NotLocked(const TokenStore& store) {
  return "'" + store.path() + ".lock' cannot be locked";
}

}  // namespace

Login::Login(Grants& grants, Clock& clock, LoginWays ways)
    : grants_(grants), clock_(clock), ways_(std::move(ways)) {}

Result<Secret> Login::Get() { return Obtain(Secret()); }

Result<Secret> Login::Replace(const Secret& refused) { return Obtain(refused); }

Result<Secret> Login::Obtain(const Secret& refused) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto usable = [&](bool fresh) {
    if (!token_ || token_->access == refused) return false;
    return fresh ? token_->IsFresh(clock_.Now()) : token_->IsAlive(clock_.Now());
  };
  if (usable(true)) return token_->access;
  while (renewing_) {
    if (usable(false)) return token_->access;
    const std::uint64_t seen = generation_;
    renewed_.wait(lock, [&] { return generation_ != seen; });
    if (usable(false)) return token_->access;
    if (failure_) return tl::unexpected<Error>(*failure_);
  }
  if (HoldsFailure()) {
    if (usable(false)) return token_->access;
    return tl::unexpected<Error>(*failure_);
  }
  renewing_ = true;
  lock.unlock();
  Result<Token> renewed = RenewSafely(refused);
  lock.lock();
  renewing_ = false;
  ++generation_;
  renewed_.notify_all();
  if (renewed) {
    token_ = std::move(*renewed);
    failure_.reset();
    return token_->access;
  }
  failure_ = renewed.error();
  failed_at_ = clock_.Now();
  // The old one may outlive a short trouble of the login server.
  if (usable(false)) return token_->access;
  return tl::unexpected<Error>(*failure_);
}

// Where the way in is a file alone, the next look at it locks no account, and who has just logged
// in waits for nothing (issue 11).
bool Login::HoldsFailure() const {
  if (!failure_ || IsWorthAnotherTry(*failure_)) return false;
  if (ways_.last_login && failure_->kind == ErrorKind::kCredentials) return false;
  return clock_.Now() - failed_at_ < kRefusalHolds;
}

// Others wait for the outcome, so there must be one.
Result<Token> Login::RenewSafely(const Secret& refused) {
  try {
    return Renew(refused);
  } catch (const std::exception& exception) {
    return Fail(ErrorKind::kServer, std::string("no login: internal failure: ") + exception.what());
  }
}

Result<Token> Login::Renew(const Secret& refused) {
  if (!ways_.access_token.empty()) {
    given_token_refused_ = given_token_refused_ || ways_.access_token == refused;
    if (!given_token_refused_) {
      Token given;
      given.access = ways_.access_token;
      given.access_lifetime = std::chrono::hours(24 * 365);  // its end is not known here
      given.access_expires = clock_.Now() + given.access_lifetime;
      return given;
    }
  }
  refresh_was_refused_ = false;
  password_.reset();
  if (ways_.cache) {
    if (const Attempt stored = TakeStored(*ways_.cache, refused)) return *stored;
  }
  if (ways_.token_file) {
    if (const Attempt stored = TakeStored(*ways_.token_file, refused)) return *stored;
  }
  return RenewOwn(refused);
}

// What the cache is locked for: whoever comes first asks the server, the others read what it wrote.
// The token file's lock comes second, always.
Result<Token> Login::RenewOwn(const Secret& refused) {
  const auto lock = ways_.cache ? ways_.cache->Lock() : nullptr;
  if (lock) {
    if (const Attempt stored = TakeStored(*ways_.cache, refused)) return *stored;
    if (const Attempt refreshed = RefreshStored(*ways_.cache, refused)) return *refreshed;
  }
  if (ways_.token_file && ways_.token_file->Read()) {
    const auto file_lock = ways_.token_file->Lock();
    if (const Attempt stored = TakeStored(*ways_.token_file, refused)) return *stored;
    if (file_lock) {
      if (const Attempt refreshed = RefreshStored(*ways_.token_file, refused)) return *refreshed;
    }
  }
  if (lock && IsLoggedOut()) return tl::unexpected<Error>(NoWay());
  Attempt obtained = RefreshKept(lock != nullptr);
  if (obtained) return *obtained;
  obtained = RefreshGiven(lock != nullptr);
  if (obtained) return *obtained;
  obtained = LogIn();
  // What is stored and cannot be locked is the last resort: whoever else has it may have used it.
  if (!obtained) obtained = RefreshUnlocked();
  if (!obtained) return tl::unexpected<Error>(NoWay());
  // A login that finds no place on disk is one for this process.
  if (*obtained) static_cast<void>(Keep(**obtained, ways_.cache.get(), lock != nullptr));
  return *obtained;
}

// Read once, however often a renewal looks at it: it may be in a file.
const Result<Secret>& Login::GivenPassword() {
  if (!password_) password_ = ways_.password();
  return *password_;
}

// Who gives a password gets what this password has brought (issue 9): else whoever knows a name
// could read as its owner, who has logged in before. Who gives a refresh token has that for a key.
bool Login::MayUse(const TokenStore& store, const Token& stored) {
  if (&store != ways_.cache.get() || !ways_.password) return true;
  if (stored.password_digest.empty() && !ways_.refresh_token.empty()) return true;
  const Result<Secret>& password = GivenPassword();
  if (password && IsDigestOf(stored.password_digest, *password)) return true;
  LogDebug("the stored token '" + store.path() +
           "' is left alone: it is not known to have come by the given password");
  return false;
}

// Who has nothing but what is stored is logged out where that was taken away (SignOut()), and does
// not bring it back from memory (issue 11).
bool Login::IsLoggedOut() const {
  if (home_ != ways_.cache.get() || ways_.password || !ways_.refresh_token.empty()) return false;
  const auto stored = ways_.cache->Read();
  return !stored && stored.error().kind == ErrorKind::kNotFound;
}

// The token in memory, where nobody else has its refresh token: using one that others have used
// would end the session for all (RFC 6749, section 10.4).
Login::Attempt Login::RefreshKept(bool cache_is_locked) {
  if (!token_ || !token_->CanRefresh(clock_.Now())) return std::nullopt;
  const bool is_lost = cache_is_locked && home_ == ways_.cache.get() && !ways_.cache->Read();
  if (!in_memory_only_ && !is_lost) return std::nullopt;
  Attempt refreshed = RefreshWith(*token_);
  if (refreshed && *refreshed)
    static_cast<void>(Keep(**refreshed, home_, cache_is_locked && home_ == ways_.cache.get()));
  return refreshed;
}

Login::Attempt Login::RefreshGiven(bool cache_is_locked) {
  Token given;
  given.refresh = ways_.refresh_token;
  Attempt refreshed = RefreshWith(given);
  if (!refreshed || !*refreshed) return refreshed;
  const Status kept = Keep(**refreshed, ways_.cache.get(), cache_is_locked);
  if (!kept && ways_.cache && (*refreshed)->refresh != given.refresh)
    WarnOfLoss(*ways_.cache, kept.error().message);
  return refreshed;
}

Login::Attempt Login::RefreshUnlocked() {
  std::optional<Token> stored = token_;
  const TokenStore* store = in_memory_only_ ? nullptr : home_;
  if (ways_.token_file && !(stored && stored->CanRefresh(clock_.Now()))) {
    store = ways_.token_file.get();
    if (const auto read = store->Read()) stored = *read;
  }
  if (!stored || !stored->CanRefresh(clock_.Now())) return std::nullopt;
  Attempt refreshed = RefreshWith(*stored);
  if (refreshed && *refreshed && store && (*refreshed)->refresh != stored->refresh)
    WarnOfLoss(*store, NotLocked(*store));
  return refreshed;
}

// Remembers whose token it is that is used from here on, and stores it there if that may be.
Status Login::Keep(const Token& token, const TokenStore* home, bool is_locked) {
  home_ = home;
  Status kept;
  if (!home) {
    kept = Fail(ErrorKind::kInvalidInput, "there is no token cache");
  } else if (!is_locked) {
    kept = Fail(ErrorKind::kInvalidInput, NotLocked(*home));
  } else {
    kept = home->Write(token);
  }
  in_memory_only_ = !kept;
  return kept;
}

// Nothing fails in this process, and everything in the next (issue 9).
void Login::WarnOfLoss(const TokenStore& store, const std::string& why) {
  if (has_warned_) return;
  has_warned_ = true;
  LogWarning("the renewed login is kept in memory only, since " + why +
             "; a refresh token works once, so that later programs must log in anew: make '" +
             store.path() + "' and its folder writable");
}

Login::Attempt Login::TakeStored(const TokenStore& store, const Secret& refused) {
  const auto stored = store.Read();
  if (!stored || stored->access == refused || !stored->IsFresh(clock_.Now())) return std::nullopt;
  // What is older than a token that was refused is refused as well, however it has come back there.
  if (token_ && token_->access == refused && stored->access_expires < token_->access_expires)
    return std::nullopt;
  if (!MayUse(store, *stored)) return std::nullopt;
  home_ = &store;
  in_memory_only_ = false;
  return *stored;
}

// Under the store's lock.
Login::Attempt Login::RefreshStored(const TokenStore& store, const Secret& refused) {
  const auto stored = store.Read();
  if (!stored || !stored->CanRefresh(clock_.Now()) || !MayUse(store, *stored)) return std::nullopt;
  Attempt refreshed = RefreshWith(*stored);
  if (refreshed && *refreshed) {
    const Status kept = Keep(**refreshed, &store, true);
    if (!kept && (*refreshed)->refresh != stored->refresh) WarnOfLoss(store, kept.error().message);
  }
  if (refreshed) return refreshed;
  // Refused: a program that knows no lock, such as sen2cli, may have refreshed meanwhile.
  const auto again = store.Read();
  if (again && again->refresh != stored->refresh) return TakeStored(store, refused);
  return std::nullopt;
}

// Nothing where the server refuses, so that the next way is tried. So it is where the answer was
// lost: the server may have taken the refresh token, and would end the session of one that comes
// twice. What is stored stays there for other processes, which know nothing of this and may be
// lucky.
Login::Attempt Login::RefreshWith(const Token& old) {
  const Secret& refresh_token = old.refresh;
  const auto used =
      std::find(used_refresh_tokens_.begin(), used_refresh_tokens_.end(), refresh_token);
  if (refresh_token.empty() || used != used_refresh_tokens_.end()) return std::nullopt;
  Result<Token> token = grants_.Refresh(refresh_token);
  if (token) token->password_digest = old.password_digest;
  if (token && (token->refresh.empty() || token->refresh == refresh_token)) {
    // RFC 6749, section 6: without a new one, the old refresh token goes on.
    token->refresh = refresh_token;
  } else if (token || IsRefusal(token) || IsInDoubt(token)) {
    used_refresh_tokens_.push_back(refresh_token);
    if (used_refresh_tokens_.size() > kMostUsed)
      used_refresh_tokens_.erase(used_refresh_tokens_.begin());
  }
  if (!IsRefusal(token) && !IsInDoubt(token)) return token;
  LogDebug("a refresh token is not used again: " + token.error().message);
  refresh_was_refused_ = true;
  ended_ = token.error();
  return std::nullopt;
}

Login::Attempt Login::LogIn() {
  if (ways_.username.empty() || !ways_.password) return std::nullopt;
  const Result<Secret>& password = GivenPassword();
  if (!password) return Result<Token>(Pass(password));
  Result<Token> token = grants_.Password(ways_.username, *password);
  if (token && ways_.cache) token->password_digest = MakePasswordDigest(*password);
  if (IsRefusal(token) && refresh_was_refused_)
    token.error().message += " (the stored login had ended before)";
  return token;
}

// Why what is stored is no way in; empty where it is, or where nothing is stored.
std::string Login::Trouble(const TokenStore& store, const std::string& of) const {
  const auto stored = store.Read();
  if (!stored && stored.error().kind == ErrorKind::kNotFound) return {};
  if (!stored) return "the token file " + stored.error().message;
  if (stored->CanRefresh(clock_.Now())) return {};
  if (stored->login_ends > clock_.EpochSeconds()) return "the token " + of + " was refused";
  return "the login " + of + " has ended at " + IsoTimeText(stored->login_ends);
}

std::string Login::StoredTrouble() const {
  std::string trouble;
  if (ways_.token_file)
    trouble = Trouble(*ways_.token_file, "of the token file '" + ways_.token_file->path() + "'");
  if (trouble.empty() && ways_.cache && ways_.last_login)
    trouble = Trouble(*ways_.cache, "of '" + OneLine(ways_.username) + "'");
  return trouble;
}

// An open dataset stays of the account that has opened it: see WithAccount().
std::string Login::OthersLogin() const {
  const auto other = ways_.last_login ? ways_.last_login->Read() : std::nullopt;
  if (!other || *other == ways_.username) return {};
  return "; '" + OneLine(*other) + "' has logged in since: open it again as that account";
}

Error Login::NoWay() const {
  const std::string trouble = StoredTrouble();
  std::string message;
  if (ended_) {
    message = ended_->message;
  } else if (given_token_refused_) {
    message =
        "the given access token was refused (HTTP 401), most likely it has expired: give a new "
        "one";
  } else if (!trouble.empty()) {
    message = "no login: " + trouble + ": log in anew";
  } else {
    message = "no credentials for the Sen2Cube service";
    if (!ways_.username.empty())
      message += ", where '" + OneLine(ways_.username) + "' is not logged in";
    message += ": give some";
  }
  message += ", by ";
  if (ways_.last_login) message += "`s2c login`, ";
  message +=
      "S2C_ACCESS_TOKEN, S2C_TOKENFILE (or `sen2cli session login`), S2C_REFRESH_TOKEN, or "
      "S2C_USERNAME with S2C_PASSWORD or S2C_PASSWORD_FILE";
  if (given_token_refused_ && !ended_ && !trouble.empty()) message += "; " + trouble;
  if (ways_.token_file && trouble.empty() && !ended_)
    message += "; there is no token file '" + ways_.token_file->path() + "'";
  message += OthersLogin();
  return Error{ErrorKind::kCredentials, message, ended_ || given_token_refused_ ? 401 : 0};
}

}  // namespace s2c
