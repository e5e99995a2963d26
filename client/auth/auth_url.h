// SPDX-License-Identifier: MIT
#pragma once

#include "client/base/url.h"

namespace s2c {

/// The base of `/token` and `/userinfo`, of whichever of its addresses a user has at hand: the base
/// itself, the token address, the issuer (https://HOST/realms/NAME) or the address of its discovery
/// document, each with or without a slash at its end (issue 10).
Url AuthBase(const Url& given);

}  // namespace s2c
