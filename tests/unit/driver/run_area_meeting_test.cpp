// SPDX-License-Identifier: MIT
#include <cpl_error.h>
#include <gtest/gtest.h>

#include <cmath>

#include "driver/run_area.h"

namespace s2c {
namespace {

constexpr const char* kSquareJson =
    R"({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]})";

std::string Feature(const std::string& geometry) {
  return R"({"type":"Feature","properties":{},"geometry":)" + geometry + "}";
}

std::string Collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

// "yes", "no", or "unknown".
std::string Meets(const std::vector<const char*>& area, const std::string& footprint) {
  RunAreaBuilder builder;
  for (const char* wkt : area) {
    OGRGeometry* geometry = nullptr;
    OGRGeometryFactory::createFromWkt(wkt, nullptr, &geometry);
    const std::unique_ptr<OGRGeometry> owned(geometry);
    if (!builder.Add(*owned, nullptr, "")) return "invalid";
  }
  const auto found = builder.Finish()->meets(footprint);
  return !found ? "unknown" : *found ? "yes" : "no";
}

TEST(RunAreaMeeting, KnowsAPlaceInCommon) {
  EXPECT_EQ(Meets({"POINT (1 1)"}, kSquareJson), "yes");
  EXPECT_EQ(Meets({"POINT (3 1)"}, kSquareJson), "no");
  EXPECT_EQ(Meets({"LINESTRING (-1 1,3 1)"}, kSquareJson), "yes");
  EXPECT_EQ(Meets({"POLYGON ((2 0,3 0,3 1,2 0))"}, kSquareJson), "yes") << "it touches";
  EXPECT_EQ(Meets({"POLYGON ((-9 -9,9 -9,9 9,-9 9,-9 -9))"}, kSquareJson), "yes");
}

TEST(RunAreaMeeting, LooksAtMoreThanExtents) {
  const std::string triangle = R"({"type":"Polygon","coordinates":[[[0,0],[2,2],[0,2],[0,0]]]})";
  EXPECT_EQ(Meets({"POINT (1.5 0.5)"}, triangle), "no");
}

TEST(RunAreaMeeting, OnePartIsEnough) {
  EXPECT_EQ(Meets({"POINT (5 5)", "POINT (1 1)", "POINT (7 7)"}, kSquareJson), "yes");
  EXPECT_EQ(Meets({"MULTIPOINT ((5 5),(1 1))"}, kSquareJson), "yes");
  EXPECT_EQ(Meets({"POINT (5 5)", "POINT (7 7)"}, kSquareJson), "no");
}

TEST(RunAreaMeeting, TakesEveryFormOfAFootprint) {
  const std::string elsewhere = R"({"type":"Polygon","coordinates":[[[5,5],[6,5],[6,6],[5,5]]]})";
  const std::string many = R"({"type":"MultiPolygon","coordinates":[)"
                           R"([[[5,5,9],[6,5,9],[6,6,9],[5,5,9]]],)"
                           R"([[[0,0,9],[2,0,9],[2,2,9],[0,2,9],[0,0,9]]]]})";
  for (const std::string& footprint :
       {Feature(kSquareJson), Collection(Feature(kSquareJson)), many, Feature(many),
        Collection(Feature(elsewhere) + "," + Feature(kSquareJson)),
        R"({"crs":{"type":"link","properties":{"href":"http://127.0.0.1:1/"}},)" +
            Collection(Feature(kSquareJson)).substr(1)}) {
    EXPECT_EQ(Meets({"POINT (1 1)"}, footprint), "yes") << footprint;
    EXPECT_EQ(Meets({"POINT (3 3)"}, footprint), "no") << footprint;
  }
}

TEST(RunAreaMeeting, CannotTellWithoutAFootprint) {
  for (const std::string& footprint :
       {std::string(), std::string("null"), std::string("{"), std::string("[]"), std::string("{}"),
        std::string("7"), Collection(""), Feature("null")})
    EXPECT_EQ(Meets({"POINT (1 1)"}, footprint), "unknown") << footprint;
}

TEST(RunAreaMeeting, CannotDenyWhereAPartOfTheFootprintIsUnreadable) {
  const std::string broken =
      Collection(Feature(kSquareJson) + "," + Feature(R"({"type":"Polygon","coordinates":"x"})"));
  EXPECT_EQ(Meets({"POINT (1 1)"}, broken), "yes");
  EXPECT_EQ(Meets({"POINT (3 3)"}, broken), "unknown");
}

TEST(RunAreaMeeting, CannotTellOfAFootprintThatDoesNotClose) {
  CPLErrorReset();
  const std::string open = R"({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2]]]})";
  EXPECT_EQ(Meets({"POINT (1 1)"}, open), "unknown");
  EXPECT_EQ(CPLGetLastErrorType(), CE_None);
}

TEST(RunAreaMeeting, ManyPartsAreComparedWithALargeFootprint) {
  std::string ring;
  for (int i = 0; i <= 3000; ++i) {
    const double angle = (i % 3000) * 2 * M_PI / 3000;
    ring += (i ? ",[" : "[") + std::to_string(2 * std::cos(angle)) + "," +
            std::to_string(2 * std::sin(angle)) + "]";
  }
  const std::string footprint = R"({"type":"Polygon","coordinates":[[)" + ring + "]]}";
  EXPECT_EQ(Meets(std::vector<const char*>(20000, "POINT (1.9 1.9)"), footprint), "no");
}

}  // namespace
}  // namespace s2c
