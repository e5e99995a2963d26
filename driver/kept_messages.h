// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_error.h>

#include <functional>
#include <string>
#include <vector>

#include "client/base/shown_text.h"

namespace s2c {

/// What CPLError() was called with.
struct KeptMessage {
  CPLErr level;
  CPLErrorNum number;
  std::string text;

  bool IsFailure() const { return level == CE_Failure; }
  /// Says it, or says it again, whatever the file had to say in it.
  void Say() const { CPLError(level, number, "%s", ShownText(text).c_str()); }
};

/// Runs `call` and keeps what this thread is told meanwhile, of which nobody else hears: handlers
/// are not called, and the last error stays what it was. Debug output goes its own way.
std::vector<KeptMessage> KeepMessages(const std::function<void()>& call);

/// After an error: sees to it that GDAL's counter of errors is not what it was `before`. By it GDAL
/// knows whether an error was told, whose text it then repeats; whoever opens a file meanwhile sets
/// it back (CPLErrorReset).
void MoveErrorCounterFrom(GUInt32 before);

}  // namespace s2c
