// SPDX-License-Identifier: MIT
#include "driver/many/grid.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <string>

namespace s2c {

ReferencePtr CommonReference(const std::vector<SourceFacts>& facts) {
  ReferencePtr best;
  std::ptrdiff_t most = 0;
  for (auto one = facts.rbegin(); one != facts.rend(); ++one) {
    if (one != facts.rbegin() && one->reference == best) continue;
    const auto count = std::count_if(facts.begin(), facts.end(), [&](const SourceFacts& other) {
      return other.reference == one->reference;
    });
    if (count > most) best = one->reference;
    most = std::max(most, count);
  }
  return best;
}

Result<Grid> UnionOf(const std::vector<const SourceFacts*>& facts) {
  Extent all = facts.front()->extent();
  double wide = facts.front()->transform[1];
  double high = facts.front()->transform[5];
  for (const SourceFacts* one : facts) {
    const Extent extent = one->extent();
    all.min_x = std::min(all.min_x, extent.min_x);
    all.min_y = std::min(all.min_y, extent.min_y);
    all.max_x = std::max(all.max_x, extent.max_x);
    all.max_y = std::max(all.max_y, extent.max_y);
    wide = std::min(wide, one->transform[1]);
    high = std::max(high, one->transform[5]);  // both are negative
  }
  const double columns = std::floor(0.5 + (all.max_x - all.min_x) / wide);
  const double rows = std::floor(0.5 + (all.max_y - all.min_y) / -high);
  if (!(columns >= 1 && columns <= INT_MAX && rows >= 1 && rows <= INT_MAX))
    return Fail(ErrorKind::kInvalidInput,
                "the selected results lie too far apart for one raster; select those of one place");
  Grid grid;
  grid.width = static_cast<int>(columns);
  grid.height = static_cast<int>(rows);
  grid.transform = {all.min_x, wide, 0, all.max_y, 0, high};
  grid.reference = facts.front()->reference;
  return grid;
}

Placement PlaceOn(const Grid& grid, const SourceFacts& facts) {
  const double wide = grid.transform[1];
  const double high = -grid.transform[5];
  const Extent extent = facts.extent();
  return {(extent.min_x - grid.transform[0]) / wide, (grid.transform[3] - extent.max_y) / high,
          (extent.max_x - extent.min_x) / wide, (extent.max_y - extent.min_y) / high};
}

}  // namespace s2c
