// SPDX-License-Identifier: MIT
#pragma once

#include <gdal.h>

#include <cstddef>

namespace s2c {

/// A colour for the class at `index`. The first eight can be told apart by colour-blind people:
/// they are those of M. Okabe and K. Ito, "Color Universal Design" (2008,
/// https://jfly.uni-koeln.de/color/), black first. The next ones are the seven others, made lighter
/// and darker in turn.
GDALColorEntry ClassColour(std::size_t index);

}  // namespace s2c
