// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_geometry.h"

#include <utility>

#include "driver/geojson_geometry.h"

namespace s2c {

const char* KindOf(const OGRGeometry& geometry) {
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbMultiPolygon:
      return "polygon";
    case wkbMultiLineString:
      return "line";
    case wkbMultiPoint:
      return "point";
    default:
      return "mixed";
  }
}

const OGRGeometry* PlaceReader::Get() {
  if (!std::exchange(was_read_, true)) geometry_ = ReadGeoJson(value_, whole_);
  return geometry_.get();
}

}  // namespace s2c
