// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace s2c {

/// What the text of a table's cell can be taken for.
enum class CellKind { kMissing, kInteger, kReal, kDate, kDateTime, kText };

/// Empty, NaN and NaT are missing. Numbers and times are as pandas writes them; what is only nearly
/// one ("007", "12,5", "2021-02-30") is text, so that nothing of it is lost.
CellKind KindOf(std::string_view cell);

/// The type of a column, from the cells that were seen of it.
class ColumnType {
 public:
  /// Where no cell says anything, and what a later cell may bring, depends on what the column is.
  enum class Role { kDimension, kTime, kValue, kCategory };

  void Add(std::string_view cell);
  /// `all_seen`: no further cell comes. Else whole numbers may be followed by others: values become
  /// real, all others 64 bits.
  OGRFieldType Get(Role role, bool all_seen) const;

 private:
  bool integer_ = false, real_ = false, date_ = false, date_time_ = false, text_ = false;
  std::int64_t least_ = 0, greatest_ = 0;
};

/// Sets the field to the cell's value in the field's type, or to null where the cell is missing.
/// False, and null, where the cell has no value of that type.
bool SetCell(OGRFeature& feature, int field, std::string_view cell);

}  // namespace s2c
