// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "client/base/result.h"
#include "client/base/secret.h"

namespace s2c {

/// A password without what editors, shells and pasting leave around it: line ends behind it and a
/// byte order mark before it; and in UTF-8 where that mark says UTF-16. No form lets anybody choose
/// a password that has those, and nothing else is taken off (issue 10).
Secret TidyPassword(std::string_view text);

struct PasswordFile {
  Secret password;
  bool is_readable = false;  ///< by others
};

/// kCredentials for a file that cannot be read, or that holds no text.
Result<PasswordFile> ReadPasswordFile(const std::string& path);

/// What may be wrong with a password that was refused, as "ends with a blank"; empty where it looks
/// like any other.
std::string LikelyMistake(const Secret& password);

}  // namespace s2c
