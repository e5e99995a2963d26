// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_spatialref.h>

#include <memory>
#include <vector>

#include "client/base/result.h"
#include "driver/wgs84.h"

class OGRGeometry;
class OGRSimpleCurve;

namespace s2c {

/// Brings geometries to EPSG:4326, longitude first, with 7 decimals (about 1 cm). A failure is the
/// end of a sentence that begins with the name of what could not be brought there.
class LonLatTransform {
 public:
  /// From `srs`, to which it keeps a reference; null is that of coordinates that are degrees
  /// already.
  static Result<LonLatTransform> From(const OGRSpatialReference* srs);

  /// Whether it is that of the very object.
  bool IsFrom(const OGRSpatialReference* srs) const { return source_.get() == srs; }

  /// Of a point, line or polygon in 2D. Its edges, straight in their projection and straight again
  /// in degrees, stay where they are on the ground to less than half a pixel of 10 m, for which
  /// they get vertices.
  Status Apply(OGRGeometry& geometry);

 private:
  struct Vertex {
    OGRRawPoint source;
    OGRRawPoint degrees;
    bool is_edge_straight = true;  ///< that to the next
  };
  using Vertices = std::vector<Vertex>;

  Status ApplyToLine(OGRSimpleCurve& line);
  Status Transform(Vertices& vertices);
  Status Densify(Vertices& line);
  /// Adds vertices in the middle of the edges that deviate; probes are three for each of them that
  /// is not known to be straight.
  static Status Split(Vertices& line, const Vertices& probes);

  std::unique_ptr<OGRSpatialReference, ReleaseReference> source_;
  std::unique_ptr<OGRCoordinateTransformation> transformation_;
};

}  // namespace s2c
