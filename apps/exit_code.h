// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "client/base/result.h"

namespace s2c {

/// What a script learns of a command. ExitCodes() says what they mean.
enum class ExitCode {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kLogin = 3,
  kNotFound = 4,
  kRunFailed = 5,
  kNotFinished = 6,
  kUnreachable = 7,
  kInterrupted = 130,
};

ExitCode ExitCodeOf(ErrorKind kind);

struct ExitCodeMeaning {
  ExitCode code;
  const char* meaning;
};
/// All of them, as the manual page lists them.
const std::vector<ExitCodeMeaning>& ExitCodes();

}  // namespace s2c
