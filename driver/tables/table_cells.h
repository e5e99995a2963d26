// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vsi/gdal_compat.h"

namespace s2c {

/// What the text of a table's cell can be taken for.
enum class CellKind { kMissing, kInteger, kReal, kDate, kDateTime, kText };

/// Empty, NaN and NaT are missing. Numbers and times are as pandas writes them; what is only nearly
/// one ("007", "12,5", "2021-02-30"), or a whole number beyond 64 bits, is text, so that nothing of
/// it is lost.
CellKind KindOf(std::string_view cell);

/// The type of a column, from the cells that were seen of it.
class ColumnType {
 public:
  /// Where no cell says anything, and what a later cell may bring, depends on what the column is.
  enum class Role { kDimension, kTime, kValue, kCategory };

  void Add(std::string_view cell);
  /// `all_seen`: no further cell comes. Else whole numbers may be followed by others: values become
  /// real, all others 64 bits; and dates by times, since pandas looks at so many rows at once
  /// whether midnights are all that it writes (issue 10).
  OGRFieldType Get(Role role, bool all_seen) const;
  /// The zone of the times, as OGRField's TZFlag says it.
  int zone() const { return zone_.value_or(kUtc); }

 private:
  void AddZone(std::string_view cell);

  bool integer_ = false, real_ = false, date_ = false, date_time_ = false, text_ = false;
  std::int64_t least_ = 0, greatest_ = 0;
  std::optional<int> zone_;  ///< kMixedZones where they are several
};

/// Sets the field to the cell's value in the field's type, or to null where the cell is missing.
/// Times without a zone are the satellite's, hence in UTC: programs take them for the local time
/// where nobody says so (issue 10).
/// False, and null, where the cell has no value of that type.
bool SetCell(OGRFeature& feature, int field, std::string_view cell);

}  // namespace s2c
