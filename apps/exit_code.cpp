// SPDX-License-Identifier: MIT
#include "apps/exit_code.h"

namespace s2c {

ExitCode ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidInput:
      return ExitCode::kUsage;
    case ErrorKind::kCredentials:
      return ExitCode::kLogin;
    case ErrorKind::kNotFound:
      return ExitCode::kNotFound;
    case ErrorKind::kNotFinished:
      return ExitCode::kNotFinished;
    case ErrorKind::kUnreachable:
    case ErrorKind::kInterrupted:
    case ErrorKind::kSilent:
      return ExitCode::kUnreachable;
    case ErrorKind::kServer:
    case ErrorKind::kProtocol:
    case ErrorKind::kTooLong:
    case ErrorKind::kChanged:
      break;
  }
  return ExitCode::kFailed;
}

const std::vector<ExitCodeMeaning>& ExitCodes() {
  static const auto* const codes = new std::vector<ExitCodeMeaning>{
      {ExitCode::kDone, "done"},
      {ExitCode::kFailed, "the service, or this machine, could not do it, or not all of it"},
      {ExitCode::kUsage, "what was given cannot be: the command line, an option, a file"},
      {ExitCode::kLogin, "nobody is logged in, or the login was refused"},
      {ExitCode::kNotFound, "there is no such inference, output, model or file"},
      {ExitCode::kRunFailed, "the inference has failed or was aborted"},
      {ExitCode::kNotFinished, "the inference has not finished, or not in the time given"},
      {ExitCode::kUnreachable,
       "the service was not reached, or the connection broke: the same command may work later"},
      {ExitCode::kInterrupted,
       "interrupted by Ctrl-C (a shell's number for a program that a "
       "signal has ended: 128 and the signal's)"}};
  return *codes;
}

}  // namespace s2c
