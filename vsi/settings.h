// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <string>

#include "client/jobs/run_wait.h"
#include "client/session.h"

namespace s2c {

/// Reads every option once, for one open: open option X (`open_options` may be null), then S2C_X
/// specific to `path` (which begins with /vsis2c/), then S2C_X of the configuration or the
/// environment, then GDAL's own option, then the default. kInvalidInput for a value that cannot be.
Result<SessionSettings> ReadSettings(const std::string& path, CSLConstList open_options);

/// How a raster is opened; no part of what makes a session.
struct RasterSettings {
  bool native_crs = false;
  CPLStringList gtiff_options;  ///< GTiff's own open options, where they are set
};

/// The same for these.
Result<RasterSettings> ReadRasterSettings(const std::string& path, CSLConstList open_options);

/// How many results are opened as one raster.
struct ManySettings {
  bool skip_failed = false;
  bool strict = false;
};

/// The same for these.
Result<ManySettings> ReadManySettings(const std::string& path, CSLConstList open_options);

/// How an inference that has not ended is waited for.
struct WaitSettings {
  bool wait = false;
  WaitPolicy policy;
};

/// The same for these.
Result<WaitSettings> ReadWaitSettings(const std::string& path, CSLConstList open_options);

}  // namespace s2c
