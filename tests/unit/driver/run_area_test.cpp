// SPDX-License-Identifier: MIT
#include "driver/run_area.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MakeJson;
using testing_support::MessageOf;

constexpr const char* kSquare = "POLYGON ((13 47,14 47,14 48,13 48,13 47))";

std::unique_ptr<OGRGeometry> FromWkt(const std::string& wkt) {
  OGRGeometry* geometry = nullptr;
  EXPECT_EQ(OGRGeometryFactory::createFromWkt(wkt.c_str(), nullptr, &geometry), OGRERR_NONE) << wkt;
  return std::unique_ptr<OGRGeometry>(geometry);
}

struct Given {
  std::string wkt;
  std::string name;
};

Result<RunArea> AreaOf(const std::vector<Given>& features, int epsg = 4326) {
  std::unique_ptr<OGRSpatialReference, ReleaseReference> srs(new OGRSpatialReference);
  srs->importFromEPSG(epsg);
  srs->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  RunAreaBuilder builder;
  for (const Given& given : features) {
    if (auto done = builder.Add(*FromWkt(given.wkt), srs.get(), given.name); !done)
      return Pass(done);
  }
  return builder.Finish();
}

// The geometry of an area's only feature.
std::string GeometryOf(const std::string& wkt, int epsg = 4326) {
  const auto area = AreaOf({{wkt, ""}}, epsg);
  if (!area) return area.error().message;
  const JsonDocument features = MakeJson(area->features);
  EXPECT_EQ(features->Size(), 1U);
  return ToJson((*features)[0]["geometry"]);
}

Error FailureOf(const std::string& wkt) { return ErrorOf(AreaOf({{wkt, "Aigen"}})); }

TEST(RunArea, IsAnArrayOfFeatures) {
  const auto area = AreaOf({{kSquare, "Aigen"}, {"POINT (13.5 47.5)", ""}});
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_EQ(area->feature_count, 2U);
  EXPECT_EQ(area->features,
            R"([{"type":"Feature","properties":{"name":"Aigen"},"geometry":{"type":"Polygon",)"
            R"("coordinates":[[[13.0,47.0],[14.0,47.0],[14.0,48.0],[13.0,48.0],[13.0,47.0]]]}},)"
            R"({"type":"Feature","properties":{},"geometry":)"
            R"({"type":"Point","coordinates":[13.5,47.5]}}])");
}

TEST(RunArea, TakesEveryKindOfGeometry) {
  EXPECT_EQ(GeometryOf("MULTIPOINT ((1 2),(3 4))"),
            R"({"type":"MultiPoint","coordinates":[[1.0,2.0],[3.0,4.0]]})");
  EXPECT_EQ(GeometryOf("LINESTRING (1 2,3 4)"),
            R"({"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]})");
  EXPECT_EQ(GeometryOf("MULTILINESTRING ((1 2,3 4),(5 6,7 8))"),
            R"({"type":"MultiLineString","coordinates":[[[1.0,2.0],[3.0,4.0]],)"
            R"([[5.0,6.0],[7.0,8.0]]]})");
  EXPECT_EQ(GeometryOf("MULTIPOLYGON (((0 0,2 0,2 2,0 0)),((5 5,6 5,6 6,5 5)))"),
            R"({"type":"MultiPolygon","coordinates":[[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]],)"
            R"([[[5.0,5.0],[6.0,5.0],[6.0,6.0],[5.0,5.0]]]]})");
  EXPECT_EQ(GeometryOf("TRIANGLE ((0 0,2 2,2 0,0 0))"),
            R"({"type":"Polygon","coordinates":[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]]})");
  const std::string facets = R"({"type":"MultiPolygon","coordinates":)"
                             R"([[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]],)"
                             R"([[[0.0,0.0],[2.0,2.0],[0.0,2.0],[0.0,0.0]]]]})";
  EXPECT_EQ(GeometryOf("TIN Z (((0 0 1,2 2 1,2 0 1,0 0 1)),((0 0 1,2 2 1,0 2 1,0 0 1)))"), facets);
  EXPECT_EQ(
      GeometryOf("POLYHEDRALSURFACE Z (((0 0 1,2 0 1,2 2 1,0 0 1)),((0 0 1,2 2 1,0 2 1,0 0 1)))"),
      facets);
}

TEST(RunArea, CollectionsAreTakenApart) {
  EXPECT_EQ(GeometryOf("GEOMETRYCOLLECTION (POINT (1 2),GEOMETRYCOLLECTION (MULTIPOINT ((3 4))))"),
            R"({"type":"MultiPoint","coordinates":[[1.0,2.0],[3.0,4.0]]})");
  EXPECT_EQ(GeometryOf("GEOMETRYCOLLECTION (POINT (1 2),POINT EMPTY)"),
            R"({"type":"Point","coordinates":[1.0,2.0]})");
  EXPECT_THAT(FailureOf("GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (1 2,3 4))"),
              FailsWith(ErrorKind::kInvalidInput,
                        StartsWith("feature 1 ('Aigen') of the area of interest is a collection of "
                                   "several kinds")));
}

TEST(RunArea, PolygonsOfACollectionMayOverlap) {
  EXPECT_THAT(GeometryOf("GEOMETRYCOLLECTION (POLYGON ((0 0,2 0,2 2,0 2,0 0)),"
                         "POLYGON ((1 1,3 1,3 3,1 3,1 1)))"),
              HasSubstr("MultiPolygon"));
}

TEST(RunArea, HasNoHeightsAndMeasures) {
  EXPECT_EQ(GeometryOf("POINT ZM (1 2 420 7)"), R"({"type":"Point","coordinates":[1.0,2.0]})");
  EXPECT_EQ(GeometryOf("LINESTRING Z (1 2 420,3 4 421)"),
            R"({"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]})");
  EXPECT_EQ(GeometryOf("POLYGON M ((0 0 1,2 0 1,2 2 1,0 0 1))"),
            R"({"type":"Polygon","coordinates":[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]]})");
}

TEST(RunArea, CurvesAreLines) {
  const JsonDocument circle =
      MakeJson(GeometryOf("CURVEPOLYGON (CIRCULARSTRING (500000 400000,400000 500000,300000 400000,"
                          "400000 300000,500000 400000))",
                          31287));
  EXPECT_STREQ((*circle)["type"].GetString(), "Polygon");
  EXPECT_GE((*circle)["coordinates"][0].Size(), 360U);
  const auto area = AreaOf({{"MULTISURFACE (CURVEPOLYGON (CIRCULARSTRING (4410000 2600000,"
                             "4400000 2610000,4390000 2600000,4400000 2590000,4410000 2600000)))",
                             ""}},
                           3035);
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_NEAR(area->square_metres, M_PI * 1e8, 5e4);
}

TEST(RunArea, RingsRunAsTheStandardSays) {
  const std::string oriented =
      R"({"type":"Polygon","coordinates":[[[0.0,0.0],[9.0,0.0],[9.0,9.0],[0.0,0.0]],)"
      R"([[5.0,2.0],[5.0,3.0],[6.0,3.0],[5.0,2.0]]]})";
  EXPECT_EQ(GeometryOf("POLYGON ((0 0,9 0,9 9,0 0),(5 2,5 3,6 3,5 2))"), oriented);
  EXPECT_EQ(GeometryOf("POLYGON ((0 0,9 9,9 0,0 0),(5 2,6 3,5 3,5 2))"), oriented);
}

TEST(RunArea, OpenRingsAreClosed) {
  EXPECT_EQ(GeometryOf("POLYGON ((0 0,2 0,2 2))"),
            R"({"type":"Polygon","coordinates":[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]]})");
}

TEST(RunArea, KnowsItsSizeWithoutItsHoles) {
  const auto square = [](double left, double bottom, double size) {
    const auto text = [](double x, double y) {
      return std::to_string(x) + " " + std::to_string(y);
    };
    return "(" + text(left, bottom) + "," + text(left + size, bottom) + "," +
           text(left + size, bottom + size) + "," + text(left, bottom + size) + "," +
           text(left, bottom) + ")";
  };
  // EPSG:3035 is an equal-area projection.
  const std::string holed =
      "POLYGON (" + square(4400000, 2600000, 300000) + "," + square(4500000, 2700000, 50000) + ")";
  const auto area = AreaOf(
      {{holed, ""}, {"POLYGON (" + square(4e6, 3e6, 10) + ")", ""}, {"POINT (1 1)", ""}}, 3035);
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_NEAR(area->square_metres / (9e10 - 25e8 + 100), 1, 1e-5);
  EXPECT_NEAR(AreaOf({{"POLYGON (" + square(4e6, 3e6, 10) + ")", ""}}, 3035)->square_metres, 100,
              0.1);
}

TEST(RunArea, NamesAreUnique) {
  const std::string point = "POINT (1 2)";
  const auto area = AreaOf({{point, "a"},
                            {point, "b"},
                            {point, "a"},
                            {point, "a (3)"},
                            {point, "a"},
                            {point, "a (2)"},
                            {point, ""},
                            {point, ""}});
  ASSERT_EQ(MessageOf(area), "");
  std::vector<std::string> names;
  const JsonDocument features = MakeJson(area->features);
  for (const JsonValue& feature : features->GetArray())
    names.push_back(TextAt(feature["properties"], "name").value_or("(none)"));
  EXPECT_THAT(names, testing::ElementsAre("a", "b", "a (2)", "a (3)", "a (4)", "a (2) (2)",
                                          "(none)", "(none)"));
}

TEST(RunArea, NamesMayHoldAnything) {
  const std::string name = "Äcker \"süd\" \\ \n\t{}";
  const auto area = AreaOf({{"POINT (1 2)", name}});
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_EQ(TextAt((*MakeJson(area->features))[0]["properties"], "name"), name);
}

TEST(RunArea, NamesInAnotherEncodingAreWrittenInUtf8) {
  const auto area = AreaOf({{"POINT (1 2)",
                             "K\xF6"
                             "flach"}});
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_EQ(TextAt((*MakeJson(area->features))[0]["properties"], "name"), "Köflach");
}

TEST(RunArea, EmptyFeaturesAreLeftOutAndCounted) {
  const testing_support::CapturedLog log;
  const auto area = AreaOf({{"POLYGON EMPTY", "x"}, {kSquare, ""}, {"POINT EMPTY", ""}});
  ASSERT_EQ(MessageOf(area), "");
  EXPECT_EQ(area->feature_count, 1U);
  EXPECT_EQ(log.Text(LogLevel::kWarning),
            "2 of 3 features of the area of interest have no geometry and are left out\n");
}

TEST(RunArea, NothingIsNoArea) {
  EXPECT_THAT(ErrorOf(AreaOf({})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("has no feature")));
  EXPECT_THAT(ErrorOf(AreaOf({{"MULTIPOLYGON EMPTY", ""}})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("has a geometry")));
}

TEST(RunArea, InvalidPolygonsAreRefusedWithThePlace) {
  EXPECT_THAT(
      ErrorOf(AreaOf({{kSquare, ""}, {"POLYGON ((0 0,2 2,2 0,0 2,0 0))", "bow tie"}})),
      FailsWith(ErrorKind::kInvalidInput,
                AllOf(StartsWith("feature 2 ('bow tie') of the area of interest is not a valid "
                                 "polygon (Self-intersection at or near point 1"),
                      HasSubstr("ogr2ogr -makevalid"))));
  for (const char* wkt :
       {"POLYGON ((0 0,1 1,0 0))", "POLYGON ((0 0,4 0,4 4,0 4,0 0),(5 5,6 5,6 6,5 5))",
        "MULTIPOLYGON (((0 0,2 0,2 2,0 2,0 0)),((1 1,3 1,3 3,1 3,1 1)))",
        "GEOMETRYCOLLECTION (POLYGON ((0 0,2 2,2 0,0 2,0 0)))"})
    EXPECT_THAT(FailureOf(wkt),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a valid polygon")))
        << wkt;
}

TEST(RunArea, CoordinatesThatAreNoNumbersAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  OGRLineString line;
  line.addPoint(1, 2);
  line.addPoint(nan, 2);
  OGRLinearRing ring;
  for (const double x : {0.0, 1.0, nan, 0.0}) ring.addPoint(x, x * x);
  OGRPolygon polygon;
  polygon.addRing(&ring);
  for (const OGRGeometry* geometry :
       {static_cast<OGRGeometry*>(&line), static_cast<OGRGeometry*>(&polygon)})
    EXPECT_THAT(ErrorOf(RunAreaBuilder().Add(*geometry, nullptr, "")),
                FailsWith(ErrorKind::kInvalidInput, StartsWith("feature 1 of the area")));
}

TEST(RunArea, PlacesBeyondTheEarthAreRefused) {
  EXPECT_THAT(FailureOf("POLYGON ((179 0,181 0,181 1,179 1,179 0))"),
              FailsWith(ErrorKind::kInvalidInput,
                        StartsWith("feature 1 ('Aigen') of the area of interest has the coordinate "
                                   "181.0")));
  EXPECT_THAT(GeometryOf("MULTIPOLYGON (((179 0,180 0,180 1,179 1,179 0)),"
                         "((-180 0,-179 0,-179 1,-180 1,-180 0)))"),
              HasSubstr("[-180.0,"));
}

TEST(RunArea, FeaturesMayBeInSeveralProjections) {
  std::unique_ptr<OGRSpatialReference, ReleaseReference> laea(new OGRSpatialReference);
  laea->importFromEPSG(3035);
  laea->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  RunAreaBuilder builder;
  const auto add = [&](const char* wkt, const OGRSpatialReference* srs) {
    EXPECT_EQ(MessageOf(builder.Add(*FromWkt(wkt), srs, "")), "");
  };
  add("POINT (10 52)", nullptr);
  add("POINT (4321000 3210000)", laea.get());
  add("POINT (10 52)", nullptr);
  const JsonDocument features = MakeJson(builder.Finish()->features);
  for (const JsonValue& feature : features->GetArray())
    EXPECT_EQ(ToJson(feature["geometry"]["coordinates"]), "[10.0,52.0]");
}

TEST(RunArea, ManyVerticesAndNamesAreFine) {
  OGRLinearRing ring;
  // One by one, each would move all those before under AddressSanitizer.
  ring.setNumPoints(100000);
  for (int i = 0; i < 100000; ++i) {
    const double angle = i * 2 * M_PI / 100000;
    ring.setPoint(i, 400000 + 50000 * std::cos(angle), 400000 + 50000 * std::sin(angle));
  }
  ring.closeRings();
  OGRPolygon polygon;
  polygon.addRing(&ring);
  OGRSpatialReference lambert;
  lambert.importFromEPSG(31287);
  lambert.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  RunAreaBuilder builder;
  EXPECT_EQ(MessageOf(builder.Add(polygon, &lambert, "circle")), "");
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(MessageOf(builder.Add(OGRPoint(i, i), &lambert, "the same")), "");
  }
  EXPECT_EQ(builder.Finish()->feature_count, 5001U);
}

}  // namespace
}  // namespace s2c
