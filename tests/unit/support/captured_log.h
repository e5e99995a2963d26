// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/base/log.h"

namespace s2c::testing_support {

/// Takes the process's messages while it lives; one at a time.
class CapturedLog {
 public:
  CapturedLog() {
    Clear();
    SetLogSink(&Take);
  }
  ~CapturedLog() { SetLogSink(nullptr); }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  /// Of this level, one per line.
  std::string Text(LogLevel level) const {
    const std::lock_guard<std::mutex> lock(Shared().mutex);
    std::string text;
    for (const auto& [of, message] : Shared().messages)
      if (of == level) text += message + "\n";
    return text;
  }
  void Clear() {
    const std::lock_guard<std::mutex> lock(Shared().mutex);
    Shared().messages.clear();
  }

 private:
  struct State {
    std::mutex mutex;
    std::vector<std::pair<LogLevel, std::string>> messages;
  };
  static State& Shared() {
    static State state;
    return state;
  }
  static void Take(LogLevel level, const std::string& message) {
    const std::lock_guard<std::mutex> lock(Shared().mutex);
    Shared().messages.emplace_back(level, message);
  }
};

}  // namespace s2c::testing_support
