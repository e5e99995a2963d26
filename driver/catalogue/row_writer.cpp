// SPDX-License-Identifier: MIT
#include "driver/catalogue/row_writer.h"

#include <algorithm>

namespace s2c {

bool RowChange::Has(const char* field) const {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

std::optional<std::string> RowChange::Text(const char* field) const {
  if (!Has(field)) return std::nullopt;
  return wanted.GetFieldAsString(wanted.GetFieldIndex(field));
}

std::optional<bool> RowChange::Truth(const char* field) const {
  if (!Has(field)) return std::nullopt;
  return wanted.GetFieldAsInteger(wanted.GetFieldIndex(field)) != 0;
}

}  // namespace s2c
