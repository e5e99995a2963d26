// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "client/auth/labels.h"
#include "client/auth/token.h"
#include "client/base/json.h"

namespace s2c {

/// Reads a server's answer to a grant, sent at `asked`; nothing where it holds no access token, or
/// one that no header can hold.
std::optional<Token> ReadGrantAnswer(const std::string& answer, Clock::TimePoint asked);

/// A token file: the server's answer with `expires_at`, the end of the access token in seconds
/// since 1970 (sen2cli's format; the token cache has the same). Nothing where a key that sen2cli
/// requires is missing. Where the wall clock was set back meanwhile, nobody knows how long the
/// access token still lives, so it counts as expired, and its refresh token as worth a try.
std::optional<Token> ReadTokenFile(const std::string& content, const Clock& clock);

/// Whether `issuer` (`iss` of RFC 7519), which has issued a token, is no beginning of `auth_url`,
/// so that another server has. Sent to this one, the token would be told to a stranger.
bool IsOfAnotherIssuer(const std::string& issuer, const std::string& auth_url);

/// The content of a token file for `token`: the keys of `previous` (a token file, or empty) that
/// the answer does not replace are kept, and each of `labels` is set.
std::string WriteTokenFile(const Token& token, const std::string& previous, const Clock& clock,
                           const Labels& labels);

}  // namespace s2c
