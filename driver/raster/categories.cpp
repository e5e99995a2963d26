// SPDX-License-Identifier: MIT
#include "driver/raster/categories.h"

#include <cmath>
#include <utility>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/raster/class_colours.h"

namespace s2c {
namespace {

struct Column {
  const char* name;
  GDALRATFieldType type;
  GDALRATFieldUsage usage;
};

constexpr Column kColumns[] = {
    {"Value", GFT_Integer, GFU_MinMax}, {"Class", GFT_String, GFU_Name},
    {"Red", GFT_Integer, GFU_Red},      {"Green", GFT_Integer, GFU_Green},
    {"Blue", GFT_Integer, GFU_Blue},    {"Alpha", GFT_Integer, GFU_Alpha},
};

bool IsWhole(double number) { return std::abs(number) < 1e9 && number == std::floor(number); }

}  // namespace

bool HoldsClasses(const ValueRange& range) {
  return IsWhole(range.first) && IsWhole(range.second) &&
         range.second - range.first < static_cast<double>(kMostClasses);
}

bool TakesColours(GDALDataType type, const ValueRange& range) {
  return (type == GDT_Byte || type == GDT_UInt16) && HoldsClasses(range) && range.first >= 0 &&
         range.second < static_cast<double>(kMostClasses);
}

std::vector<RasterClass> ClassesIn(const ValueRange& range, const ClassNames& names) {
  std::vector<RasterClass> classes;
  if (!HoldsClasses(range)) return classes;
  const auto low = static_cast<std::int64_t>(range.first);
  const auto high = static_cast<std::int64_t>(range.second);
  if (names.count(low) && names.count(high)) {
    std::size_t place = 0;
    for (const auto& [id, name] : names) {
      const GDALColorEntry colour = ClassColour(++place);
      if (id >= low && id <= high) classes.push_back({id, name, colour});
    }
    return classes;
  }
  for (std::int64_t value = low; value <= high; ++value) {
    const auto index = static_cast<std::size_t>(std::abs(value) % kMostClasses);
    classes.push_back({value, "class " + std::to_string(value), ClassColour(index)});
  }
  return classes;
}

Categories::Categories(std::vector<RasterClass> classes, GDALColorTable* own_colours) {
  for (const Column& column : kColumns) table_.CreateColumn(column.name, column.type, column.usage);
  table_.SetTableType(GRTT_THEMATIC);
  table_.SetRowCount(static_cast<int>(classes.size()));
  int row = 0;
  for (RasterClass& one : classes) {
    const int value = static_cast<int>(one.value);
    if (own_colours && value >= 0 && value < own_colours->GetColorEntryCount())
      own_colours->GetColorEntryAsRGB(value, &one.colour);
    table_.SetValue(row, 0, value);
    table_.SetValue(row, 1, one.name.c_str());
    table_.SetValue(row, 2, one.colour.c1);
    table_.SetValue(row, 3, one.colour.c2);
    table_.SetValue(row, 4, one.colour.c3);
    table_.SetValue(row, 5, one.colour.c4);
    ++row;
    if (value < 0 || value >= kMostClasses) continue;
    colours_.SetColorEntry(value, &one.colour);
    while (names_.size() < value) names_.AddString("");
    names_.AddString(one.name.c_str());
  }
}

ClassNames NamesOfClasses(const Mount& mount, const Output& output) {
  const auto factbase = mount.inference()->inference.factbase_id;
  if (!factbase) return {};
  const auto session = mount.session();
  const auto layout =
      session ? (*session)->GetLayout(*factbase)
              : Result<std::shared_ptr<const Layout>>(tl::unexpected<Error>(session.error()));
  if (layout) return ClassesOf(**layout, output.name);
  LogWarning("the classes of output '" + OneLine(output.name, 200) +
             "' have numbers for names: " + layout.error().message);
  return {};
}

}  // namespace s2c
