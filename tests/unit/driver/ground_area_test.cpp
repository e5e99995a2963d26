// SPDX-License-Identifier: MIT
#include "driver/ground_area.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace s2c {
namespace {

double AreaOf(std::initializer_list<OGRRawPoint> points) {
  OGRLinearRing ring;
  for (const OGRRawPoint& point : points) ring.addPoint(point.x, point.y);
  ring.closeRings();
  return SignedGroundArea(ring);
}

TEST(SignedGroundArea, IsThatOfTheWholeEarth) {
  EXPECT_NEAR(AreaOf({{-180, -90}, {180, -90}, {180, 90}, {-180, 90}}), 510.065622e12, 1e6);
}

TEST(SignedGroundArea, IsThatOfATileOfOneDegree) {
  // The radii of curvature, integrated numerically.
  EXPECT_NEAR(AreaOf({{13, 47}, {14, 47}, {14, 48}, {13, 48}}), 8376.632527976e6, 1e3);
}

TEST(SignedGroundArea, IsNegativeClockwise) {
  const double area = AreaOf({{13, 47}, {14, 47}, {14, 48}});
  EXPECT_GT(area, 0);
  EXPECT_DOUBLE_EQ(AreaOf({{14, 48}, {14, 47}, {13, 47}}), -area);
}

TEST(SignedGroundArea, IsRightForAPixelToo) {
  const double metre = 1 / 111319.4908;
  EXPECT_NEAR(
      AreaOf({{10, 0}, {10 + 10 * metre, 0}, {10 + 10 * metre, 10 * metre}, {10, 10 * metre}}),
      99.33, 0.01)
      << "a degree of latitude has 110,574 m at the equator";
}

TEST(SignedGroundArea, IsNothingOfAnEmptyRing) { EXPECT_EQ(SignedGroundArea(OGRLinearRing()), 0); }

}  // namespace
}  // namespace s2c
