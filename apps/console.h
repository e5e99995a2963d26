// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/result.h"

namespace s2c {

/// Standard error, which is the user's: messages, and on a terminal a line that tells how far
/// something is. Standard output is for answers alone. Thread-safe.

/// "s2c: TEXT", on a line of its own.
void Say(const std::string& text);
void Say(const Error& error);

/// Puts `text` in the place of the last such line; nothing where standard error is no terminal.
void ShowProgress(const std::string& text);
/// Takes that line away.
void EndProgress();

/// GDAL's messages go the same way from here on.
void SendGdalMessagesToConsole();

}  // namespace s2c
