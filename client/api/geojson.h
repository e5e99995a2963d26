// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/json.h"

namespace s2c {

/// The GeoJSON text of an area's features and geometries: their types, coordinates, ids and
/// properties, and no other member. GDAL follows what some others say, with the user's own HTTP
/// headers and passwords: `crs` fetches an address, `exceededTransferLimit` another page. Without
/// `crs`, coordinates are what RFC 7946 says, longitude and latitude (issue 9).
std::string PlainGeoJson(const JsonValue& document);

}  // namespace s2c
