// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "client/base/result.h"
#include "client/base/secret.h"
#include "client/session.h"

namespace s2c {

/// Logs in with a password, keeps the tokens alone in the token cache, and remembers that this
/// account logged in last: from here on its login is that of every session without another.
/// `offline` asks Keycloak for offline_access as well, a login without an end of its own. Gives the
/// account's preferred_username. Where it fails, what was stored before still is.
Result<std::string> SignIn(const SessionSettings& settings, const std::string& username,
                           const Secret& password, bool offline);

/// Ends the remembered login (of settings.username where that is given) at the server and forgets
/// its tokens; where the server did not take it, this says so after the tokens are gone. Gives the
/// account's name, or nothing where nobody was logged in.
Result<std::optional<std::string>> SignOut(const SessionSettings& settings);

}  // namespace s2c
