// SPDX-License-Identifier: MIT
#include "driver/geojson_geometry.h"

#include <cpl_conv.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing_support::MakeJson;

constexpr const char* kSquare =
    R"({"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]})";
constexpr const char* kPoint = R"({"type": "Point", "coordinates": [13.5, 47.8, 420.5]})";
constexpr const char* kLine = R"({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})";

std::string Feature(const std::string& geometry) {
  return R"({"type": "Feature", "properties": {}, "geometry": )" + geometry + "}";
}

std::string Collection(const std::string& features) {
  return R"({"type": "FeatureCollection", "features": [)" + features + "]}";
}

// The JSON text of a string that holds `json`, as the API gives areas of interest.
std::string Quoted(const std::string& json) {
  std::string quoted = "\"";
  for (const char c : json) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
  return quoted + "\"";
}

// Its well-known text, with a '!' where some of it could not be read.
std::string Read(const std::string& json) {
  bool whole = true;
  const JsonDocument document = json.empty() ? nullptr : MakeJson(json);
  const auto geometry = ReadGeoJson(document.get(), whole);
  std::string text = "none";
  if (geometry) {
    char* wkt = nullptr;
    geometry->exportToWkt(&wkt);
    text = wkt;
    CPLFree(wkt);
  }
  return whole ? text : text + "!";
}

constexpr const char* kSquares = "MULTIPOLYGON (((0 0,2 0,2 2,0 2,0 0)))";

TEST(GeoJsonGeometry, AnAreaIsTheGeometriesOfItsFeatures) {
  EXPECT_EQ(Read(Collection(Feature(kSquare))), kSquares);
  EXPECT_EQ(Read(Quoted(Collection(Feature(kSquare)))), kSquares);
  EXPECT_EQ(Read(Collection(Feature(kPoint) + "," + Feature(kPoint))),
            "MULTIPOINT (13.5 47.8,13.5 47.8)");
  EXPECT_EQ(Read(Collection(Feature(kLine))), "MULTILINESTRING ((0 0,1 1))");
}

TEST(GeoJsonGeometry, AFeatureOrAGeometryAloneIsAnAreaAsWell) {
  EXPECT_EQ(Read(Feature(kSquare)), kSquares);
  EXPECT_EQ(Read(kSquare), kSquares);
}

TEST(GeoJsonGeometry, SeveralKindsMakeACollection) {
  EXPECT_EQ(Read(Collection(Feature(kPoint) + "," + Feature(kLine))),
            "GEOMETRYCOLLECTION (POINT (13.5 47.8),LINESTRING (0 0,1 1))");
}

TEST(GeoJsonGeometry, MultiplePartsAreTakenApart) {
  const std::string many = R"({"type": "MultiPolygon", "coordinates": [
      [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]], [[[5, 5], [6, 5], [6, 6], [5, 5]]]]})";
  const std::string nested =
      R"({"type": "GeometryCollection", "geometries": [)" + many + "," + kSquare + "]}";
  EXPECT_EQ(Read(Collection(Feature(nested))),
            "MULTIPOLYGON (((0 0,2 0,2 2,0 2,0 0)),((5 5,6 5,6 6,5 5)),((0 0,2 0,2 2,0 2,0 0)))");
}

TEST(GeoJsonGeometry, NothingIsNoError) {
  for (const std::string& json : {std::string(), std::string("null"), std::string(R"("")"),
                                  Collection(""), Collection(Feature("null")), Feature("null")})
    EXPECT_EQ(Read(json), "none") << json;
}

TEST(GeoJsonGeometry, WhatCannotBeReadIsSaidAndTheRestIsKept) {
  for (const char* json :
       {R"("Salzburg")", "47.8", "[]", "{}", R"({"type": "Feature"})", R"({"type": "Polygon"})",
        R"({"type": "FeatureCollection"})", R"("{\"type\": \"Feat")"})
    EXPECT_EQ(Read(json), "none!") << json;
  EXPECT_EQ(Read(Collection(Feature(R"({"type": "Polygon", "coordinates": "x"})"))), "none!");
  EXPECT_EQ(Read(Collection("null," + Feature(kSquare) + ",7")), std::string(kSquares) + "!");
}

}  // namespace
}  // namespace s2c
