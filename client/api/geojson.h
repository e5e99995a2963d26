// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/json.h"

namespace s2c {

/// The GeoJSON text of an area's features and geometries: their types, coordinates, ids and
/// properties, and no other member. GDAL follows what some others say, with the user's own HTTP
/// headers and passwords: `crs` fetches an address, `exceededTransferLimit` another page. Without
/// `crs`, coordinates are what RFC 7946 says, longitude and latitude (issue 9). The property `name`
/// is a text, the JSON's own where it was none, and so are numbers that no 64 bits with a sign hold
/// (issue 10), also as ids.
std::string PlainGeoJson(const JsonValue& document);

}  // namespace s2c
