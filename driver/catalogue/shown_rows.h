// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstdint>
#include <map>
#include <vector>

namespace s2c {

/// What is in the fields of a row, and behind them in its geometry, made comparable: a number for
/// each value, 0 where there is none to compare. Times are equal to the millisecond, since texts
/// hold no more of them, and so are an empty text and null.
using RowPrint = std::vector<std::uint64_t>;
RowPrint PrintOf(const OGRFeature& row);

/// How rows were when the layer gave them to a program. Whoever hands a whole row back, as SQL's
/// UPDATE does, wants what he has not touched to stay, and not to become again what it was: a run
/// that has gone on meanwhile would be begun anew by its old status (issue 11).
class ShownRows {
 public:
  void Remember(std::int64_t id, const RowPrint& row);
  void Forget(std::int64_t id) { rows_.erase(id); }
  void ForgetAll() { rows_.clear(); }
  /// Null where that is not known. Lasts until the next call of another function.
  const RowPrint* Find(std::int64_t id) const;

 private:
  std::map<std::int64_t, RowPrint> rows_;
};

}  // namespace s2c
