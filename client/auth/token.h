// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

#include "client/base/clock.h"
#include "client/base/result.h"
#include "client/base/secret.h"

namespace s2c {

/// What a grant brought (RFC 6749, section 5.1). Times are of the monotonic clock, counted from
/// the moment before the request left: a token is never taken to live longer than it does.
struct Token {
  Secret access;
  Secret refresh;  ///< empty where there is none
  Clock::TimePoint access_expires{};
  Clock::TimePoint refresh_expires{};
  Clock::Duration access_lifetime{};
  Clock::Duration refresh_lifetime{};
  /// Of a token file: when nothing in it serves any more, in seconds since 1970; infinite where its
  /// refresh token has no end of its own.
  double login_ends = 0;
  Secret answer;  ///< the server's JSON as it came, with all that others may need of it
  /// Of the password that brought it, or the one of which it is a refresh (password_check.h); empty
  /// where no password did.
  std::string password_digest;

  /// How long before its end a token is no longer used: a request needs time to arrive, and two
  /// clocks need not run equally fast.
  static Clock::Duration Margin(Clock::Duration lifetime) {
    return std::min<Clock::Duration>(std::chrono::seconds(30), lifetime / 4);
  }
  bool IsFresh(Clock::TimePoint now) const {
    return !access.empty() && now < access_expires - Margin(access_lifetime);
  }
  /// Past the margin, yet not over.
  bool IsAlive(Clock::TimePoint now) const { return !access.empty() && now < access_expires; }
  bool CanRefresh(Clock::TimePoint now) const {
    return !refresh.empty() && now < refresh_expires - Margin(refresh_lifetime) / 4;
  }
};

/// Where bearers come from. Thread-safe.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  /// A token that is good now, as far as this side can tell.
  virtual Result<Secret> Get() = 0;
  /// A token other than `refused`, which the server did not take; an error if there is none.
  virtual Result<Secret> Replace(const Secret& refused) = 0;
};

}  // namespace s2c
