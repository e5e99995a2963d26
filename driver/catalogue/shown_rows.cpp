// SPDX-License-Identifier: MIT
#include "driver/catalogue/shown_rows.h"

#include <ogr_geometry.h>

#include <string>

#include "client/base/text.h"
#include "driver/catalogue/catalogue_values.h"

namespace s2c {
namespace {

// Of a row some 200 bytes are kept.
constexpr std::size_t kMost = 50000;

std::string ValueOf(const OGRFeature& row, int field) {
  if (row.IsFieldNull(field)) return "";
  if (row.GetFieldDefnRef(field)->GetType() == OFTDateTime)
    return std::to_string(MomentOf(row, field));
  return row.GetFieldAsString(field);
}

std::uint64_t NotZero(std::uint64_t number) { return number ? number : 1; }

std::uint64_t PrintOf(const OGRGeometry* geometry) {
  if (!geometry) return 0;
  std::string bytes(geometry->WkbSize(), '\0');
  geometry->exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(bytes.data()));
  return NotZero(Fingerprint(bytes));
}

}  // namespace

RowPrint PrintOf(const OGRFeature& row) {
  RowPrint print;
  for (int i = 0; i < row.GetFieldCount(); ++i)
    print.push_back(row.IsFieldSet(i) ? NotZero(Fingerprint(ValueOf(row, i))) : 0);
  print.push_back(row.GetGeomFieldCount() > 0 ? PrintOf(row.GetGeometryRef()) : 0);
  return print;
}

void ShownRows::Remember(std::int64_t id, const RowPrint& row) {
  if (rows_.size() >= kMost) rows_.clear();
  RowPrint& shown = rows_[id];
  shown.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i]) shown[i] = row[i];
  }
}

const RowPrint* ShownRows::Find(std::int64_t id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

}  // namespace s2c
