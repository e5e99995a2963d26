// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>
#include <ogr_spatialref.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "client/base/result.h"
#include "client/jobs/run_area.h"
#include "driver/geometry_parts.h"
#include "driver/lonlat_transform.h"

class GDALDataset;
class OGRLayer;

namespace s2c {

/// Collects the features that a run looks at, from any layer, and makes the GeoJSON that the
/// service takes: EPSG:4326, longitude first (RFC 7946), without heights and curves.
class RunAreaBuilder {
 public:
  /// `srs` may be null where the coordinates are degrees, longitude first; a reference to it is
  /// kept. `name` may be empty, and what is no UTF-8 is taken for Latin 1; the second of one name
  /// gets " (2)", since names tell the rows of a table apart. An empty geometry is left out, which
  /// Finish() tells. kInvalidInput with a sentence that says which feature; the area is of no use
  /// then.
  Status Add(const OGRGeometry& geometry, const OGRSpatialReference* srs, const std::string& name);

  /// The area; kInvalidInput where nothing is in it.
  Result<RunArea> Finish();

 private:
  Result<GeometryParts> ReadParts(const OGRGeometry& geometry) const;
  Status ToLonLat(GeometryParts& parts, const OGRSpatialReference* srs);
  /// As RFC 7946 wants the rings (section 3.1.6), which is how their area is known.
  void Orient(OGRPolygon& polygon);
  void Write(const OGRGeometry& geometry, const std::string& name);
  std::string UniqueName(const std::string& name);

  std::string features_;
  double square_metres_ = 0;
  std::size_t given_count_ = 0;
  GeometryParts geometries_;
  std::map<std::string, int> names_;  ///< how often each was given
  std::optional<LonLatTransform> transform_;
};

/// What of a vector dataset a run looks at.
struct AreaChoice {
  std::string layer;       ///< empty: its only one
  std::string where;       ///< a condition on its features; empty: all of them
  std::string name_field;  ///< as below
};
Result<RunArea> ReadRunArea(GDALDataset& dataset, const AreaChoice& choice);

/// Reads `layer` with its filters, naming features by `name_field` (empty: a field "name" in any
/// case, else none).
Result<RunArea> ReadRunArea(OGRLayer& layer, const std::string& name_field);

}  // namespace s2c
