// SPDX-License-Identifier: MIT
#pragma once

#include "client/auth/login.h"
#include "client/session.h"

namespace s2c {

/// The login server's base (client/auth/auth_url.h). kInvalidInput for a bad URL.
Result<Url> LoginUrl(const SessionSettings& settings);

/// Who has logged in last by SignIn(), and where the token cache keeps the tokens of `user`. There
/// is a token cache.
LastLogin LastLoginOf(const SessionSettings& settings, const Url& auth_url, Clock& clock);
std::unique_ptr<TokenStore> StoreOf(const SessionSettings& settings, const Url& auth_url,
                                    const std::string& user, Clock& clock);

/// The settings, with a way in where they give none: the account that has logged in last by
/// SignIn(), or else sen2cli's own token file. To be asked for before a session is looked up, so
/// that another account is another session (issue 11): what one was told is never told to the next,
/// and what is open stays of the account that has opened it, as an open file does.
SessionSettings WithAccount(SessionSettings settings, const Url& auth_url, Clock& clock);

/// How a session with these settings logs in.
LoginWays WaysOf(const SessionSettings& settings, const Url& auth_url, Clock& clock);

}  // namespace s2c
