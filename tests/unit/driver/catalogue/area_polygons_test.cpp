// SPDX-License-Identifier: MIT
#include "driver/catalogue/area_polygons.h"

#include <cpl_conv.h>
#include <gtest/gtest.h>

#include <string>

namespace s2c {
namespace {

std::unique_ptr<OGRGeometry> FromWkt(const std::string& wkt) {
  OGRGeometry* geometry = nullptr;
  OGRGeometryFactory::createFromWkt(wkt.c_str(), nullptr, &geometry);
  return std::unique_ptr<OGRGeometry>(geometry);
}

// Of an area given as well-known text.
std::unique_ptr<OGRGeometry> Polygons(const std::string& wkt) {
  auto polygons = PolygonsOf(*FromWkt(wkt));
  if (!polygons) return nullptr;
  EXPECT_EQ(polygons->getGeometryType(), wkbMultiPolygon) << wkt;
  EXPECT_TRUE(polygons->IsValid()) << wkt;
  return polygons;
}

int Count(const OGRGeometry& polygons) { return polygons.toMultiPolygon()->getNumGeometries(); }

double Area(const OGRGeometry& polygons) { return polygons.toMultiPolygon()->get_Area(); }

OGREnvelope Envelope(const OGRGeometry& geometry) {
  OGREnvelope envelope;
  geometry.getEnvelope(&envelope);
  return envelope;
}

constexpr double kWidth = 0.0001;
constexpr double kTolerance = 1e-9;

TEST(AreaPolygons, PolygonsStayAsTheyAre) {
  const char* const wkt =
      "MULTIPOLYGON (((0 0,9 0,9 9,0 9,0 0),(1 1,1 2,2 2,1 1)),((20 0,21 0,21 1,20 0)))";
  EXPECT_TRUE(Polygons(wkt)->Equals(FromWkt(wkt).get()));
}

TEST(AreaPolygons, APointIsAPixelAroundIt) {
  const auto pixel = Polygons("MULTIPOINT (13.5 47.8)");
  const OGREnvelope envelope = Envelope(*pixel);
  EXPECT_NEAR(envelope.MinX, 13.5 - kWidth / 2, kTolerance);
  EXPECT_NEAR(envelope.MaxX, 13.5 + kWidth / 2, kTolerance);
  EXPECT_NEAR(envelope.MinY, 47.8 - kWidth / 2, kTolerance);
  EXPECT_NEAR(envelope.MaxY, 47.8 + kWidth / 2, kTolerance);
  EXPECT_NEAR(Area(*pixel), kWidth * kWidth, kTolerance * kWidth);
}

TEST(AreaPolygons, PointsThatAreNearAndAgainThereMakeOneValidArea) {
  EXPECT_EQ(Count(*Polygons("MULTIPOINT (1 1,2 2,2 2)")), 2);
  EXPECT_EQ(Count(*Polygons("MULTIPOINT (1 1,1.00005 1.00005)")), 1);
}

TEST(AreaPolygons, ALineIsAStripAlongIt) {
  const auto strip = Polygons("MULTILINESTRING ((13 47,13.3 47.4))");
  EXPECT_EQ(Count(*strip), 1);
  EXPECT_NEAR(Area(*strip), (0.5 + kWidth) * kWidth, kTolerance);
  EXPECT_TRUE(strip->Contains(FromWkt("LINESTRING (13 47,13.3 47.4)").get()));
}

TEST(AreaPolygons, LinesThatBendAndCrossThemselvesMakeOneValidArea) {
  const char* const loop = "LINESTRING (0 0,1 0,1 1,0.5 1,0.5 -1,0.5 -1)";
  const auto strip = Polygons("MULTILINESTRING ((0 0,1 0,1 1,0.5 1,0.5 -1,0.5 -1))");
  EXPECT_EQ(Count(*strip), 1);
  EXPECT_TRUE(strip->Contains(FromWkt(loop).get()));
  EXPECT_EQ(Count(*Polygons("MULTILINESTRING ((0 0,0 0),(5 5,5 5,5 6))")), 2);
}

TEST(AreaPolygons, AMixedAreaIsOneOfPolygons) {
  const auto all = Polygons(
      "GEOMETRYCOLLECTION (POLYGON ((0 0,1 0,1 1,0 1,0 0)),POINT (0.5 0.5),POINT (5 5),"
      "LINESTRING (0.5 0.5,2 0.5))");
  EXPECT_EQ(Count(*all), 2) << "what lies in the polygon, or goes out of it, is one with it";
  EXPECT_NEAR(Area(*all), 1, 0.001);
}

TEST(AreaPolygons, ParcelsThatShareASideOrOverlapAreOne) {
  const auto side = Polygons("MULTIPOLYGON (((0 0,1 0,1 1,0 1,0 0)),((1 0,2 0,2 1,1 1,1 0)))");
  EXPECT_EQ(Count(*side), 1);
  EXPECT_NEAR(Area(*side), 2, 1e-9);
  const auto overlap = Polygons("MULTIPOLYGON (((0 0,2 0,2 1,0 1,0 0)),((1 0,3 0,3 1,1 1,1 0)))");
  EXPECT_EQ(Count(*overlap), 1);
  EXPECT_NEAR(Area(*overlap), 3, 1e-9);
}

TEST(AreaPolygons, ARingThatCrossesItselfKeepsWhatItEncloses) {
  const auto bow = Polygons("MULTIPOLYGON (((0 0,2 2,2 0,0 2,0 0)))");
  EXPECT_NEAR(Area(*bow), 2, 1e-9);
  EXPECT_TRUE(Polygons("MULTIPOLYGON (((0 0,1 0,0.5 0,0 0)))")) << "without an area it is a line";
}

TEST(AreaPolygons, NothingIsNone) { EXPECT_EQ(Polygons("GEOMETRYCOLLECTION EMPTY"), nullptr); }

}  // namespace
}  // namespace s2c
