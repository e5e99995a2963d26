// SPDX-License-Identifier: MIT
#include "driver/catalogue/area_polygons.h"

#include <cpl_error.h>

#include <cmath>

namespace s2c {
namespace {

// About a pixel of Sentinel-2, whose 10 m are 0.00009 degrees of latitude.
constexpr double kHalfWidth = 0.00005;

// What is within half a width of the segment, square at its ends; of a segment without a length,
// the square around it.
std::unique_ptr<OGRPolygon> Strip(const OGRRawPoint& from, const OGRRawPoint& to) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const double x = length > 0 ? (to.x - from.x) / length * kHalfWidth : kHalfWidth;
  const double y = length > 0 ? (to.y - from.y) / length * kHalfWidth : 0;
  auto ring = std::make_unique<OGRLinearRing>();
  ring->addPoint(from.x - x + y, from.y - y - x);
  ring->addPoint(to.x + x + y, to.y + y - x);
  ring->addPoint(to.x + x - y, to.y + y + x);
  ring->addPoint(from.x - x - y, from.y - y + x);
  ring->closeRings();
  auto strip = std::make_unique<OGRPolygon>();
  strip->addRingDirectly(ring.release());
  return strip;
}

void AddStrips(const OGRLineString& line, OGRMultiPolygon& polygons) {
  OGRRawPoint from(line.getX(0), line.getY(0));
  const int last = line.getNumPoints() - 1;
  for (int i = last > 0 ? 1 : 0; i <= last; ++i) {
    const OGRRawPoint to(line.getX(i), line.getY(i));
    polygons.addGeometryDirectly(Strip(from, to).release());
    from = to;
  }
}

void AddPolygons(const OGRGeometry& geometry, OGRMultiPolygon& polygons) {
  if (geometry.IsEmpty()) return;
  const OGRwkbGeometryType type = wkbFlatten(geometry.getGeometryType());
  if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) AddPolygons(*part, polygons);
  } else if (type == wkbPolygon) {
    polygons.addGeometry(&geometry);
  } else if (type == wkbLineString) {
    AddStrips(*geometry.toLineString(), polygons);
  } else if (type == wkbPoint) {
    const OGRRawPoint point(geometry.toPoint()->getX(), geometry.toPoint()->getY());
    polygons.addGeometryDirectly(Strip(point, point).release());
  }
}

std::unique_ptr<OGRMultiPolygon> Repaired(const OGRMultiPolygon& polygons) {
  OGRMultiPolygon sound;
  for (const OGRPolygon* polygon : polygons) {
    if (polygon->IsValid()) {
      sound.addGeometry(polygon);
    } else if (const std::unique_ptr<OGRGeometry> repaired(polygon->MakeValid()); repaired) {
      AddPolygons(*repaired, sound);
    }
  }
  auto all = std::make_unique<OGRMultiPolygon>();
  if (const std::unique_ptr<OGRGeometry> together(sound.UnionCascaded()); together)
    AddPolygons(*together, *all);
  return all;
}

}  // namespace

std::unique_ptr<OGRGeometry> PolygonsOf(const OGRGeometry& area) {
  auto polygons = std::make_unique<OGRMultiPolygon>();
  AddPolygons(area, *polygons);
  if (polygons->IsEmpty()) return nullptr;
  if (!OGRGeometryFactory::haveGEOS()) return polygons;
  // It tells at length what is mended here.
  const CPLErrorStateBackuper state;
  const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
  if (polygons->IsValid()) return polygons;
  auto repaired = Repaired(*polygons);
  return repaired->IsEmpty() ? std::move(polygons) : std::move(repaired);
}

}  // namespace s2c
