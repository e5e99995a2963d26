// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/result.h"

namespace s2c {

/// A file or folder as a user names it in the option `name`: `~` and `~/...` (on Windows `~\...`,
/// too) are the home folder and what lies below it. Where there is no such home, this fails.
Result<std::string> ExpandHome(const std::string& path, const std::string& name);

/// Where the token cache is as TOKEN_CACHE says it: yes, no, or a folder. Empty for nowhere; where
/// that is not what the user wants, debug output says why.
std::string TokenCacheFolder(const std::string& option);

/// The same for ANSWER_CACHE, whose own place is below `token_cache`: who wants no tokens kept
/// wants nothing kept that he does not ask for.
std::string AnswerCacheFolder(const std::string& option, const std::string& token_cache);

}  // namespace s2c
