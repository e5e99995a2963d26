// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/result.h"
#include "client/http/exchange.h"

namespace s2c {

/// Why a token endpoint has given no token.
struct Refusal {
  /// kCredentials: this user, password or refresh token. kInvalidInput: the client or the address,
  /// so that no other way to log in helps. kInterrupted: it may have done what was asked for.
  ErrorKind kind = ErrorKind::kServer;
  std::string error;   ///< RFC 6749, section 5.2; empty where the answer names none
  std::string reason;  ///< "HTTP 401, invalid_grant, Invalid user credentials"
  std::string advice;  ///< what to do, where the refusal says more than that
};

/// `asked` is the address that has answered.
Refusal ReadRefusal(const Response& response, const Url& asked);

}  // namespace s2c
