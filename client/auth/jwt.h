// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "client/base/secret.h"

namespace s2c {

/// A claim of a JWT (RFC 7519) as it stands there: who relies on it must have the token from the
/// server itself, since nobody checks its signature. Nothing where the token is no JWT, or has no
/// such text.
std::optional<std::string> JwtClaim(const Secret& token, const char* name);

}  // namespace s2c
