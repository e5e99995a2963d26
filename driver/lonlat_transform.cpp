// SPDX-License-Identifier: MIT
#include "driver/lonlat_transform.h"

#include <ogr_geometry.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "client/base/text.h"
#include "driver/kept_messages.h"

namespace s2c {
namespace {

constexpr double kMetresPerDegree = 111320;
constexpr double kTolerance = 2.5;
// An edge becomes at most as many as 2 to the power of this.
constexpr int kMostHalvings = 12;
// Where an edge is compared with the straight one; that of a projection may cross it in the middle.
constexpr double kProbes[] = {0.25, 0.5, 0.75};

OGRRawPoint Between(const OGRRawPoint& from, const OGRRawPoint& to, double share) {
  return {from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
}

// Metres between a point and an edge in degrees.
double Distance(const OGRRawPoint& point, const OGRRawPoint& from, const OGRRawPoint& to) {
  const double shrink = std::cos((from.y + to.y) / 2 * M_PI / 180);
  const double x = (to.x - from.x) * shrink;
  const double y = to.y - from.y;
  const double point_x = (point.x - from.x) * shrink;
  const double point_y = point.y - from.y;
  const double squared_length = x * x + y * y;
  const double along =
      squared_length > 0 ? std::clamp((point_x * x + point_y * y) / squared_length, 0.0, 1.0) : 0;
  return std::hypot(point_x - along * x, point_y - along * y) * kMetresPerDegree;
}

double Rounded(double degrees) {
  // Adding zero takes the sign off zero.
  return std::round(degrees * 1e7) / 1e7 + 0.0;
}

std::string Coordinate(const OGRRawPoint& point) {
  return std::to_string(point.x) + " " + std::to_string(point.y);
}

tl::unexpected<Error> CannotBeDrawn() {
  return Fail(
      ErrorKind::kInvalidInput,
      "has an edge that cannot be drawn in EPSG:4326, as across the meridian of 180 degrees "
      "or a pole: split it there (ogr2ogr -t_srs EPSG:4326 -wrapdateline)");
}

}  // namespace

Result<LonLatTransform> LonLatTransform::From(const OGRSpatialReference* srs) {
  LonLatTransform transform;
  if (!srs) return transform;
  // References are counted in what is otherwise left as it is.
  auto* const source = const_cast<OGRSpatialReference*>(srs);
  source->Reference();
  transform.source_.reset(source);
  const auto messages = KeepMessages([&] {
    transform.transformation_.reset(OGRCreateCoordinateTransformation(srs, Wgs84().get()));
  });
  if (transform.transformation_) return transform;
  const std::string reason = messages.empty() ? "PROJ does not say why" : messages.back().text;
  return Fail(ErrorKind::kInvalidInput,
              "cannot be brought to EPSG:4326 (" + OneLine(reason) +
                  "): give its source a projection of EPSG (ogr2ogr -a_srs)");
}

Status LonLatTransform::Apply(OGRGeometry& geometry) {
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbPoint: {
      OGRPoint& point = *geometry.toPoint();
      Vertices vertices(1);
      vertices[0].source = {point.getX(), point.getY()};
      if (auto done = Transform(vertices); !done) return done;
      point.setX(vertices[0].degrees.x);
      point.setY(vertices[0].degrees.y);
      return {};
    }
    case wkbPolygon:
      for (OGRLinearRing* const ring : *geometry.toPolygon()) {
        if (auto done = ApplyToLine(*ring); !done) return done;
      }
      return {};
    default:
      return ApplyToLine(*geometry.toLineString());
  }
}

Status LonLatTransform::ApplyToLine(OGRSimpleCurve& line) {
  Vertices vertices(static_cast<std::size_t>(line.getNumPoints()));
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const int index = static_cast<int>(i);
    vertices[i].source = {line.getX(index), line.getY(index)};
    vertices[i].is_edge_straight = !transformation_ || i + 1 == vertices.size();
  }
  if (auto done = Transform(vertices); !done) return done;
  if (auto done = Densify(vertices); !done) return done;
  std::vector<OGRRawPoint> points;
  points.reserve(vertices.size());
  for (const Vertex& vertex : vertices) points.push_back(vertex.degrees);
  line.setPoints(static_cast<int>(points.size()), points.data());
  return {};
}

Status LonLatTransform::Transform(Vertices& vertices) {
  std::vector<double> x, y;
  for (const Vertex& vertex : vertices) {
    x.push_back(vertex.source.x);
    y.push_back(vertex.source.y);
  }
  if (transformation_ && !vertices.empty()) {
    // What cannot be brought there is infinite, and told below.
    KeepMessages([&] {
      transformation_->Transform(static_cast<int>(x.size()), x.data(), y.data(), nullptr, nullptr);
    });
  }
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    vertices[i].degrees = {Rounded(x[i]), Rounded(y[i])};
    const OGRRawPoint& degrees = vertices[i].degrees;
    // NaN is neither below nor above.
    if (std::abs(degrees.x) <= 180 && std::abs(degrees.y) <= 90) continue;
    return Fail(ErrorKind::kInvalidInput,
                "has the coordinate " + Coordinate(vertices[i].source) +
                    (source_ ? ", which is no place on earth in the projection of its source: name "
                               "the one that it is in (ogr2ogr -a_srs)"
                             : ", which is none in degrees, and its source names no projection: "
                               "name it (ogr2ogr -a_srs, or -s_srs with -t_srs)"));
  }
  return {};
}

Status LonLatTransform::Densify(Vertices& line) {
  for (int halving = 0; halving <= kMostHalvings; ++halving) {
    Vertices probes;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (line[i].is_edge_straight) continue;
      for (const double share : kProbes)
        probes.push_back({Between(line[i].source, line[i + 1].source, share), {}, false});
    }
    if (probes.empty()) return {};
    if (auto done = Transform(probes); !done) return done;
    if (auto done = Split(line, probes); !done) return done;
  }
  return CannotBeDrawn();
}

Status LonLatTransform::Split(Vertices& line, const Vertices& probes) {
  Vertices finer;
  auto probe = probes.begin();
  for (std::size_t i = 0; i < line.size(); ++i) {
    finer.push_back(line[i]);
    if (line[i].is_edge_straight) continue;
    const OGRRawPoint& from = line[i].degrees;
    const OGRRawPoint& to = line[i + 1].degrees;
    const Vertex& middle = probe[1];
    // An edge that leaves the map on one side and comes back on the other has its middle there.
    if (std::abs(middle.degrees.x - (from.x + to.x) / 2) > 90) return CannotBeDrawn();
    const bool is_straight = std::all_of(probe, probe + std::size(kProbes), [&](const Vertex& one) {
      return Distance(one.degrees, from, to) <= kTolerance;
    });
    probe += std::size(kProbes);
    finer.back().is_edge_straight = is_straight;
    if (!is_straight) finer.push_back(middle);
  }
  line = std::move(finer);
  return {};
}

}  // namespace s2c
