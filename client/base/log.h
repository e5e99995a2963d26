// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c {

/// What a user need not act on, or may want to know although nothing has failed. Never a secret.
enum class LogLevel { kDebug, kWarning };

using LogSink = void (*)(LogLevel level, const std::string& message);

/// Where messages go, for the whole process; nowhere until it is set. Thread-safe.
void SetLogSink(LogSink sink);
void LogDebug(const std::string& message);
void LogWarning(const std::string& message);

}  // namespace s2c
