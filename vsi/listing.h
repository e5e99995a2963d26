// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <memory>

#include "client/base/result.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// The names in a directory, for VSIReadDirEx(): of the root at most one more than `max_files`, or,
/// where that is not positive, the newest 1000, with a warning if there are more.
Result<CPLStringList> ListNames(const char* path, int max_files);

/// A directory for VSIOpenDir(), whose entries are asked for as they are read. GDAL's options
/// PREFIX and NAME_AND_TYPE_ONLY serve.
Result<std::unique_ptr<VSIDIR>> OpenListing(const char* path, int depth, CSLConstList options);

}  // namespace s2c
