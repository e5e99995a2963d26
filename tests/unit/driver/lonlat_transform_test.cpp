// SPDX-License-Identifier: MIT
#include "driver/lonlat_transform.h"

#include <gmock/gmock.h>
#include <ogr_geometry.h>

#include <cmath>
#include <limits>
#include <random>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;
using Points = std::vector<OGRRawPoint>;

constexpr double kRadius = 6378137;  // of EPSG:3857
constexpr double kRadiansPerDegree = M_PI / 180;

using Reference = std::unique_ptr<OGRSpatialReference, ReleaseReference>;

Reference Epsg(int code, OSRAxisMappingStrategy axes = OAMS_TRADITIONAL_GIS_ORDER) {
  Reference srs(new OGRSpatialReference);
  EXPECT_EQ(srs->importFromEPSG(code), OGRERR_NONE);
  srs->SetAxisMappingStrategy(axes);
  return srs;
}

OGRLineString Line(const Points& points) {
  OGRLineString line;
  for (const OGRRawPoint& point : points) line.addPoint(point.x, point.y);
  return line;
}

// The line in degrees.
Points Transformed(const OGRSpatialReference* srs, const Points& points) {
  auto transform = LonLatTransform::From(srs);
  EXPECT_EQ(MessageOf(transform), "");
  OGRLineString line = Line(points);
  EXPECT_EQ(MessageOf(transform->Apply(line)), "");
  Points found(static_cast<std::size_t>(line.getNumPoints()));
  line.getPoints(found.data());
  return found;
}

Error Failure(const OGRSpatialReference* srs, const Points& points) {
  auto transform = LonLatTransform::From(srs);
  if (!transform) return transform.error();
  OGRLineString line = Line(points);
  return ErrorOf(transform->Apply(line));
}

void ExpectPoint(const OGRRawPoint& point, double x, double y, double tolerance) {
  EXPECT_NEAR(point.x, x, tolerance);
  EXPECT_NEAR(point.y, y, tolerance);
}

// Metres from a point to a line in degrees, on a plane that touches the earth there.
double Distance(const OGRRawPoint& point, const Points& line) {
  double nearest = std::numeric_limits<double>::infinity();
  const double shrink = std::cos(point.y * kRadiansPerDegree);
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const OGRPoint from((line[i].x - point.x) * shrink, line[i].y - point.y);
    const OGRPoint to((line[i + 1].x - point.x) * shrink, line[i + 1].y - point.y);
    const double length = std::hypot(to.getX() - from.getX(), to.getY() - from.getY());
    double along = 0;
    if (length > 0)
      along = -(from.getX() * (to.getX() - from.getX()) + from.getY() * (to.getY() - from.getY())) /
              (length * length);
    along = std::fmin(1, std::fmax(0, along));
    nearest = std::fmin(nearest, std::hypot(from.getX() + along * (to.getX() - from.getX()),
                                            from.getY() + along * (to.getY() - from.getY())));
  }
  return nearest * 111320;
}

OGRRawPoint FromMercator(double x, double y) {
  return {x / kRadius / kRadiansPerDegree, std::atan(std::sinh(y / kRadius)) / kRadiansPerDegree};
}

TEST(LonLatTransform, KnowsAustria) {
  // Its origin, 47.5 and 13 1/3 degrees of MGI, moved by hand as EPSG:1618 says; whoever has a grid
  // of the datum's shift comes out within some metres.
  const auto lambert = Epsg(31287);
  const Points found = Transformed(lambert.get(), {{400000, 400000}, {400010, 400000}});
  ExpectPoint(found[0], 13.3325941, 47.4994821, 5e-5);
  const auto laea = Epsg(3035);
  ExpectPoint(Transformed(laea.get(), {{4321000, 3210000}, {4321000, 3210010}})[0], 10, 52, 2e-7);
}

TEST(LonLatTransform, TakesDegreesInEitherOrder) {
  const auto longitude_first = Epsg(4326);
  const auto latitude_first = Epsg(4326, OAMS_AUTHORITY_COMPLIANT);
  const Points expected = {{13.1, 47.8}, {13.2, 47.9}};
  for (const Points& found : {Transformed(longitude_first.get(), expected),
                              Transformed(latitude_first.get(), {{47.8, 13.1}, {47.9, 13.2}}),
                              Transformed(nullptr, expected)}) {
    ASSERT_EQ(found.size(), 2U);
    ExpectPoint(found[0], 13.1, 47.8, 1e-12);
    ExpectPoint(found[1], 13.2, 47.9, 1e-12);
  }
}

TEST(LonLatTransform, RoundsToSevenDecimals) {
  const Points found = Transformed(nullptr, {{13.12345678, -0.00000001}, {1, 1}});
  EXPECT_EQ(found[0].x, 13.1234568);
  EXPECT_EQ(found[0].y, 0);
  EXPECT_FALSE(std::signbit(found[0].y));
}

TEST(LonLatTransform, AShortEdgeStaysAsItIs) {
  const auto lambert = Epsg(31287);
  EXPECT_EQ(Transformed(lambert.get(), {{400000, 400000}, {400001, 400000}}).size(), 2U);
}

TEST(LonLatTransform, ALongEdgeStaysWhereItIsOnTheGround) {
  const auto laea = Epsg(3035);
  const Points found = Transformed(laea.get(), {{4300000, 2600000}, {4600000, 2600000}});
  EXPECT_GT(found.size(), 10U);
  EXPECT_LT(found.size(), 100U);
  // Without its vertices the edge would be a kilometre beside its middle.
  const OGRRawPoint middle = Transformed(laea.get(), {{4450000, 2600000}, {4450001, 2600000}})[0];
  EXPECT_GT(Distance(middle, {found.front(), found.back()}), 1000);
  EXPECT_LT(Distance(middle, found), 5);
}

TEST(LonLatTransform, AnEdgeThatCrossesItsChordInTheMiddleGetsVerticesToo) {
  const auto mercator = Epsg(3857);
  const Points found = Transformed(mercator.get(), {{-4e6, -4e6}, {4e6, 4e6}});
  EXPECT_LT(Distance(FromMercator(2e6, 2e6), found), 5);
}

TEST(LonLatTransform, AnEdgeIsTheSameFromEitherEnd) {
  const auto laea = Epsg(3035);
  const Points there = Transformed(laea.get(), {{4300000.1, 2600000.3}, {4612345.7, 2700000.9}});
  const Points back = Transformed(laea.get(), {{4612345.7, 2700000.9}, {4300000.1, 2600000.3}});
  ASSERT_EQ(there.size(), back.size());
  for (std::size_t i = 0; i < there.size(); ++i) {
    EXPECT_EQ(there[i].x, back[back.size() - 1 - i].x);
    EXPECT_EQ(there[i].y, back[back.size() - 1 - i].y);
  }
}

TEST(LonLatTransform, RandomEdgesAreWhereMercatorsFormulaHasThem) {
  const auto mercator = Epsg(3857);
  std::mt19937 random(11);
  std::uniform_real_distribution<double> any_x(-1.5e7, 1.5e7), any_y(-9e6, 9e6), any(0, 1);
  std::uniform_real_distribution<double> exponent(0, 6.5);
  for (int round = 0; round < 200; ++round) {
    const OGRRawPoint from(any_x(random), any_y(random));
    const double length = std::pow(10, exponent(random)), angle = any(random) * 2 * M_PI;
    const OGRRawPoint to(from.x + length * std::cos(angle), from.y + length * std::sin(angle));
    const Points found = Transformed(mercator.get(), {from, to});
    for (int i = 0; i <= 20; ++i) {
      const double share = i == 0 ? 0 : i == 1 ? 1 : any(random);
      const OGRRawPoint point =
          FromMercator(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y));
      ASSERT_LT(Distance(point, found), i < 2 ? 0.02 : 5)
          << round << ": " << from.x << " " << from.y;
    }
  }
}

TEST(LonLatTransform, RefusesWhatIsNoPlace) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto lonlat = Epsg(4326), laea = Epsg(3035);
  for (const OGRRawPoint& point :
       {OGRRawPoint(180.1, 0), OGRRawPoint(-180.1, 0), OGRRawPoint(0, 90.1), OGRRawPoint(0, -90.1),
        OGRRawPoint(nan, 0), OGRRawPoint(0, nan), OGRRawPoint(HUGE_VAL, 0)}) {
    for (const OGRSpatialReference* srs :
         {lonlat.get(), static_cast<OGRSpatialReference*>(nullptr)})
      EXPECT_THAT(Failure(srs, {{1, 1}, point}),
                  FailsWith(ErrorKind::kInvalidInput, HasSubstr("ogr2ogr -a_srs")))
          << point.x << " " << point.y;
  }
  EXPECT_THAT(Failure(laea.get(), {{4321000, 3210000}, {nan, 3210000}}),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("no place on earth")));
  EXPECT_THAT(Failure(laea.get(), {{1e9, 1e9}, {4321000, 3210000}}),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("1000000000")));
}

TEST(LonLatTransform, AsksForTheProjectionOfWhatIsNotInDegrees) {
  EXPECT_THAT(
      Failure(nullptr, {{400000, 400000}, {400001, 400000}}),
      FailsWith(ErrorKind::kInvalidInput,
                HasSubstr("has the coordinate 400000.000000 400000.000000, which is none in "
                          "degrees, and its source names no projection")));
}

TEST(LonLatTransform, RefusesAProjectionThatIsNoPlaceOnEarth) {
  OGRSpatialReference local;
  local.importFromWkt("LOCAL_CS[\"site\",UNIT[\"metre\",1]]");
  EXPECT_THAT(Failure(&local, {{1, 1}, {2, 2}}),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("cannot be brought to EPSG:4326")));
}

TEST(LonLatTransform, TheEdgeOfTheWorldIsAllowed) {
  const Points found = Transformed(nullptr, {{-180, -90}, {180, 90}});
  EXPECT_EQ(found.size(), 2U);
  const auto mercator = Epsg(3857);
  const double edge = kRadius * M_PI;
  ExpectPoint(Transformed(mercator.get(), {{-edge, 0}, {edge, 0}})[0], -180, 0, 1e-7);
}

TEST(LonLatTransform, RefusesAnEdgeAcrossTheMeridianOf180Degrees) {
  const auto utm60 = Epsg(32660);
  for (const double y : {1e6, 5.9e6, 6e6})
    EXPECT_THAT(Failure(utm60.get(), {{600000, 6e6}, {900000, y}}),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("-wrapdateline")))
        << y;
  // Two pixels, of which one is on either side.
  const auto mercator = Epsg(3832);
  const double meridian = kRadius * 30 * kRadiansPerDegree;
  EXPECT_THAT(Failure(mercator.get(), {{meridian - 5, 6e6}, {meridian + 5, 6e6}}),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("-wrapdateline")));
}

TEST(LonLatTransform, LeavesAnEdgeInDegreesAsItIs) {
  EXPECT_EQ(Transformed(Epsg(4326).get(), {{-179, 10}, {179, 40}}).size(), 2U);
}

TEST(LonLatTransform, IsThatOfOneReference) {
  const auto laea = Epsg(3035), other = Epsg(3035);
  const auto transform = LonLatTransform::From(laea.get());
  EXPECT_TRUE(transform->IsFrom(laea.get()));
  EXPECT_FALSE(transform->IsFrom(other.get()));
  EXPECT_FALSE(transform->IsFrom(nullptr));
  EXPECT_TRUE(LonLatTransform::From(nullptr)->IsFrom(nullptr));
}

}  // namespace
}  // namespace s2c
