// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>

#include <memory>
#include <vector>

namespace s2c {

using GeometryParts = std::vector<std::unique_ptr<OGRGeometry>>;

/// Takes a geometry apart: adds those of its collections, however deep they are, that are none
/// themselves and not empty.
void AddParts(std::unique_ptr<OGRGeometry> geometry, GeometryParts& parts);

/// Parts as one geometry: a multi-point, multi-line or multi-polygon; a collection where they are
/// of several kinds. Null where there is none.
std::unique_ptr<OGRGeometry> Together(GeometryParts parts);

}  // namespace s2c
