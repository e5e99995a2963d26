// SPDX-License-Identifier: MIT
#include "vsi/report.h"

#include <cpl_error.h>
#include <cpl_vsi_error.h>

#include <cerrno>

#include "client/base/log.h"
#include "client/base/shown_text.h"

namespace s2c {
namespace {

CPLErrorNum CodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidInput:
      return CPLE_IllegalArg;
    case ErrorKind::kCredentials:
    case ErrorKind::kUnreachable:
    case ErrorKind::kInterrupted:
    case ErrorKind::kSilent:
    case ErrorKind::kServer:
      return CPLE_HttpResponse;
    // Not CPLE_OpenFailed: QGIS throws messages of that number away.
    case ErrorKind::kNotFound:
    case ErrorKind::kNotFinished:
    case ErrorKind::kProtocol:
    case ErrorKind::kTooLong:
    case ErrorKind::kChanged:
      return CPLE_AppDefined;
  }
  return CPLE_AppDefined;
}

}  // namespace

void Report(const Error& error) {
  CPLError(CE_Failure, CodeOf(error.kind), "S2C: %s", ShownText(error.message).c_str());
}

void Debug(const std::string& text) { CPLDebug("S2C", "%s", ShownText(text).c_str()); }

OGRErr ReportUnsupported(const std::string& why) {
  Report(Error{ErrorKind::kInvalidInput, why, 0});
  return OGRERR_UNSUPPORTED_OPERATION;
}

void SendLogToGdal() {
  SetLogSink([](LogLevel level, const std::string& text) {
    if (level == LogLevel::kWarning) {
      CPLError(CE_Warning, CPLE_AppDefined, "S2C: %s", ShownText(text).c_str());
    } else {
      Debug(text);
    }
  });
}

void ReportFileError(const Error& error, bool set_error) {
  errno = error.kind == ErrorKind::kNotFound ? ENOENT : EIO;
  if (set_error) {
    VSIError(VSIE_HttpError, "S2C: %s", ShownText(error.message).c_str());
  } else if (error.kind == ErrorKind::kNotFound && error.http_status == 0) {
    Debug(error.message);
  } else {
    Report(error);
  }
}

}  // namespace s2c
