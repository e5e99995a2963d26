// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_core.h>

#include <exception>
#include <string>
#include <utility>

#include "client/base/result.h"

namespace s2c {

/// The end of a sentence that begins with the name of a result.
constexpr const char* kCannotBeWritten =
    " cannot be written: results are read-only, so copy it to a local file first";

/// Tells the user about a failure through CPLError, once, by whoever knows it.
void Report(const Error& error);

/// Tells who watches with CPL_DEBUG. What a terminal acts on is shown as blanks, here and by
/// Report().
void Debug(const std::string& text);

/// Tells why something is not done that GDAL's functions could do elsewhere.
OGRErr ReportUnsupported(const std::string& why);

/// The sentence for who asks for a transaction.
constexpr const char* kNoTransaction =
    "there are no transactions: each change is made at once, and nothing is rolled back";

/// What Report() does, for a file system's Open() and Stat(): GDAL prints it itself where it has
/// asked for that (`set_error`), as for its own remote file systems. A path that is not there is no
/// failure of a caller who only looks, so it is silent otherwise; a listed file that its server
/// does not have is one.
void ReportFileError(const Error& error, bool set_error);

/// From here on the client's messages go to CPLDebug ("S2C") and CPLError (warnings).
void SendLogToGdal();

/// Runs `body` and turns an exception into a CPLError and `failed`: none may cross into GDAL.
template <class Body, class Value>
auto Guarded(Body&& body, Value failed) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& exception) {
    Report(Error{ErrorKind::kServer, std::string("internal failure: ") + exception.what(), 0});
  } catch (...) {
    Report(Error{ErrorKind::kServer, "internal failure", 0});
  }
  return failed;
}

}  // namespace s2c
