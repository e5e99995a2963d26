// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>
#include <gdal_priv.h>
#include <gdal_rat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/api/layout.h"
#include "vsi/paths.h"

namespace s2c {

/// A class of a categorical raster.
struct RasterClass {
  std::int64_t value = 0;
  std::string name;
  GDALColorEntry colour{};
};

/// As many classes are told; more values than that are no categories that anybody looks at.
constexpr std::int64_t kMostClasses = 1024;

/// Whether the values from `range.first` to `range.second` can be classes, and so few that they are
/// told.
bool HoldsClasses(const ValueRange& range);

/// Whether a band of that type can have names and colours of classes by GDAL's rules.
bool TakesColours(GDALDataType type, const ValueRange& range);

/// The classes that a band with values in `range` may have: those of `names` that lie there, where
/// the ends of the range are of them, else "class 1" and so on. A value has the same colour in
/// every result.
std::vector<RasterClass> ClassesIn(const ValueRange& range, const ClassNames& names);

/// The classes of one band, as GDAL has them.
class Categories {
 public:
  /// `own_colours` is the file's, or null.
  Categories(std::vector<RasterClass> classes, GDALColorTable* own_colours);

  /// Value, Class, Red, Green, Blue, Alpha: what QGIS and terra look for.
  GDALRasterAttributeTable* table() { return &table_; }
  /// By value. What is no class is transparent, and has an empty name.
  GDALColorTable* colours() { return &colours_; }
  char** names() { return names_.List(); }

 private:
  GDALDefaultRasterAttributeTable table_;
  GDALColorTable colours_;
  CPLStringList names_;
};

/// What the factbase of an output calls its classes, asked for when somebody wants to know; empty
/// where it does not say, or after a warning.
ClassNames NamesOfClasses(const Mount& mount, const Output& output);

}  // namespace s2c
