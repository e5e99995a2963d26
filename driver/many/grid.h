// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "client/base/result.h"
#include "driver/many/source_facts.h"

namespace s2c {

/// The pixels of a mosaic or a stack.
struct Grid {
  int width = 0, height = 0;
  std::array<double, 6> transform{};
  ReferencePtr reference;  ///< null where the sources have none
};

/// Where the pixels of a source lie on a grid, in pixels of the grid.
struct Placement {
  double x = 0, y = 0, width = 0, height = 0;
};

/// The reference system that most have; of as many, that of the last one that has one of these.
ReferencePtr CommonReference(const std::vector<SourceFacts>& facts);

/// The union of these rasters in the finest resolution that one of them has, computed as
/// gdalbuildvrt does; they have one reference system. There is one at least.
Result<Grid> UnionOf(const std::vector<const SourceFacts*>& facts);

Placement PlaceOn(const Grid& grid, const SourceFacts& facts);

}  // namespace s2c
