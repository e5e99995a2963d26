// SPDX-License-Identifier: MIT
#pragma once

#include "client/base/clock.h"
#include "client/base/result.h"
#include "client/base/secret.h"

namespace s2c {

/// What a grant brought (RFC 6749, section 5.1). Times are of the monotonic clock, counted from
/// the moment before the request left: a token is never taken to live longer than it does.
struct Token {
  Secret access;
  Secret refresh;
  Clock::TimePoint access_expires{};
  Clock::TimePoint refresh_expires{};
  Clock::Duration access_lifetime{};
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
