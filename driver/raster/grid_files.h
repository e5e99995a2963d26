// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_spatialref.h>

namespace s2c {

/// Whether PROJ opens a file, or with PROJ_NETWORK an address, that the reference system names as
/// soon as somebody transforms coordinates: gdalinfo does it for the corners (issue 9). No system
/// of the EPSG's is one.
bool NamesGridFile(const OGRSpatialReference& reference);

}  // namespace s2c
