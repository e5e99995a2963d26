// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_geometry.h"

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

TEST(CatalogueGeometry, TellsWhatAnAreaIsMadeOf) {
  const auto kind = [](const std::string& features) {
    const JsonDocument document = MakeJson(Collection(features));
    PlaceReader place(document.get());
    return std::string(place.Get() ? KindOf(*place.Get()) : "none");
  };
  const std::string square = Feature(kSquare), point = Feature(kPoint), line = Feature(kLine);
  EXPECT_EQ(kind(square + "," + square), "polygon");
  EXPECT_EQ(kind(line), "line");
  EXPECT_EQ(kind(point + "," + point), "point");
  EXPECT_EQ(kind(point + "," + line), "mixed");
  EXPECT_EQ(kind(Feature(R"({"type": "GeometryCollection", "geometries": [)" +
                         std::string(kSquare) + "," + kPoint + "]}")),
            "mixed");
  EXPECT_EQ(kind(Feature("null")), "none");
}

}  // namespace
}  // namespace s2c
