// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>

namespace s2c {

/// Square metres on the ellipsoid of WGS 84 within a ring in degrees, longitude first, whose edges
/// are straight in degrees, as GeoJSON's are; negative where the ring runs clockwise.
double SignedGroundArea(const OGRLinearRing& ring);

}  // namespace s2c
