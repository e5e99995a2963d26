// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>

#include <memory>

#include "client/base/json.h"

namespace s2c {

/// One geometry of all features of a GeoJSON FeatureCollection, Feature or geometry, given as an
/// object or as its text: a multi-point, multi-line or multi-polygon, in 2D; a collection where
/// they are of several kinds. Null where there is none. Clears `whole` where some of it cannot be
/// read.
std::unique_ptr<OGRGeometry> ReadGeoJson(const JsonValue* value, bool& whole);

}  // namespace s2c
