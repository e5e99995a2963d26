// SPDX-License-Identifier: MIT
#include "client/base/log.h"

#include <atomic>

namespace s2c {
namespace {

std::atomic<LogSink> current_sink{nullptr};

void Log(LogLevel level, const std::string& message) {
  if (const LogSink sink = current_sink.load()) sink(level, message);
}

}  // namespace

void SetLogSink(LogSink sink) { current_sink = sink; }
void LogDebug(const std::string& message) { Log(LogLevel::kDebug, message); }
void LogWarning(const std::string& message) { Log(LogLevel::kWarning, message); }

}  // namespace s2c
