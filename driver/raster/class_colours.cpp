// SPDX-License-Identifier: MIT
#include "driver/raster/class_colours.h"

#include <cmath>

namespace s2c {
namespace {

constexpr std::size_t kHues = 7;
constexpr short kPalette[1 + kHues][3] = {
    {0, 0, 0},      {230, 159, 0}, {86, 180, 233}, {0, 158, 115},
    {240, 228, 66}, {0, 114, 178}, {213, 94, 0},   {204, 121, 167},
};

// 1/2, 1/4, 3/4, 1/8, 5/8, … (van der Corput): each falls into the largest gap left by those
// before.
double Fraction(std::size_t number) {
  double fraction = 0;
  for (double part = 0.5; number > 0; number /= 2, part /= 2)
    if (number % 2) fraction += part;
  return fraction;
}

// From `from` towards white or black, never all the way.
short Mixed(short from, std::size_t round) {
  constexpr double kMost = 0.85;
  const double share = kMost * Fraction((round + 1) / 2);
  const double towards = round % 2 ? 255 : 0;
  return static_cast<short>(std::lround(from + share * (towards - from)));
}

}  // namespace

GDALColorEntry ClassColour(std::size_t index) {
  const std::size_t round = index == 0 ? 0 : (index - 1) / kHues;
  const short* const base = kPalette[index == 0 ? 0 : 1 + (index - 1) % kHues];
  return {Mixed(base[0], round), Mixed(base[1], round), Mixed(base[2], round), 255};
}

}  // namespace s2c
