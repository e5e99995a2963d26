// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>

#include <memory>

namespace s2c {

/// An area as one multi-polygon, so that a layer of areas has one type of geometry (issue 10): its
/// polygons, and of its points and lines the pixels that a run looks at, as squares and strips that
/// are 0.0001 degrees across. It is valid, which parcels that share a side are not as they come,
/// where GDAL can tell (it has GEOS). What is neither is left out; null where nothing is left.
std::unique_ptr<OGRGeometry> PolygonsOf(const OGRGeometry& area);

}  // namespace s2c
