// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/auth/token.h"
#include "client/base/url.h"
#include "client/http/exchange.h"

namespace s2c {

/// The name of whoever is logged in, as the service has it for an owner: `preferred_username`
/// (OpenID Connect Core, section 5.1), which need not be the name that was typed. Userinfo says it,
/// or else the token: from version 19 on Keycloak answers userinfo with 403 for tokens without the
/// scope openid, as those are that other programs have got.
Result<std::string> PreferredUsername(Transport& transport, TokenSource& tokens,
                                      const Url& auth_url);

}  // namespace s2c
