// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "vsi/gdal_compat.h"

namespace s2c {

/// GDAL's own driver of that name, which reads `what`. Null after an error that was reported: a
/// GDAL without it, or one that was told to leave it out (GDAL_SKIP), says nothing by itself.
GDALDriver* NeededDriver(const std::string& name, const std::string& what);

}  // namespace s2c
