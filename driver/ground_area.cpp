// SPDX-License-Identifier: MIT
#include "driver/ground_area.h"

#include <cmath>

namespace s2c {
namespace {

constexpr double kRadiansPerDegree = M_PI / 180;

// Twice the area between the equator and a latitude, per radian of longitude and for a semi-major
// axis of 1: q of Snyder, Map Projections (USGS Professional Paper 1395), equation 3-12.
double AuthalicHeight(double latitude) {
  constexpr double kFlattening = 1 / SRS_WGS84_INVFLATTENING;
  constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
  const double e = std::sqrt(kSquaredEccentricity);
  const double sine = std::sin(latitude * kRadiansPerDegree);
  return (1 - kSquaredEccentricity) *
         (sine / (1 - kSquaredEccentricity * sine * sine) + std::atanh(e * sine) / e);
}

// Of an edge, Simpson's rule.
double MeanAuthalicHeight(double from, double to) {
  return (AuthalicHeight(from) + 4 * AuthalicHeight((from + to) / 2) + AuthalicHeight(to)) / 6;
}

}  // namespace

double SignedGroundArea(const OGRLinearRing& ring) {
  double sum = 0;
  for (int i = 0; i + 1 < ring.getNumPoints(); ++i) {
    // Eastwards the area below is taken off, as a ring that runs counterclockwise has it outside.
    sum -= (ring.getX(i + 1) - ring.getX(i)) * MeanAuthalicHeight(ring.getY(i), ring.getY(i + 1));
  }
  return sum * kRadiansPerDegree * SRS_WGS84_SEMIMAJOR * SRS_WGS84_SEMIMAJOR / 2;
}

}  // namespace s2c
