// SPDX-License-Identifier: MIT
#include "driver/raster/raster_band.h"

#include <cpl_string.h>

#include <algorithm>
#include <utility>

#include "vsi/report.h"

namespace s2c {

const ClassNames& OutputClasses::names() {
  if (!names_) names_ = NamesOfClasses(file_.mount(), file_.output());
  return *names_;
}

RasterBand::RasterBand(GDALDataset* dataset, RasterFile& file, int number, BandFacts facts)
    : FileBand(dataset, file, number), facts_(std::move(facts)) {
  const std::string of_file = file.opened().GetRasterBand(number)->GetDescription();
  GDALRasterBand::SetDescription((of_file.empty() ? facts_.name : of_file).c_str());
  if (!facts_.range || !facts_.is_range_of_file) return;
  // GDAL's own names (GDALRasterBand::SetStatistics). No mean and no deviation: the API has none.
  GDALMajorObject::SetMetadataItem("STATISTICS_MINIMUM", CPLSPrintf("%.17g", facts_.range->first));
  GDALMajorObject::SetMetadataItem("STATISTICS_MAXIMUM", CPLSPrintf("%.17g", facts_.range->second));
}

GDALColorInterp RasterBand::GetColorInterpretation() {
  if (set_colour_) return *set_colour_;
  const GDALColorInterp of_file = FileBand::GetColorInterpretation();
  const bool is_unset = of_file == GCI_Undefined || of_file == GCI_GrayIndex;
  if (is_unset && HasOwnColours()) return GCI_PaletteIndex;
  if (is_unset && facts_.colour != GCI_Undefined) return facts_.colour;
  // terra before 1.7-23 writes all that is red, green and blue as bytes, whatever its values are
  // (issue 10). Without, a GTiff has these.
  const bool is_primary = of_file >= GCI_RedBand && of_file <= GCI_BlueBand;
  if (is_primary && eDataType != GDT_Byte) return nBand == 1 ? GCI_GrayIndex : GCI_Undefined;
  return of_file;
}

CPLErr RasterBand::SetColorInterpretation(GDALColorInterp colour) {
  set_colour_ = colour;
  return CE_None;
}

// GTiff writes colours of one band alone, and an error where the first of several has some.
bool RasterBand::HasOwnColours() {
  const auto range = poDS->GetRasterCount() == 1 ? ClassRange() : std::nullopt;
  return range && TakesColours(eDataType, *range);
}

GDALColorTable* RasterBand::GetColorTable() {
  if (GDALColorTable* const of_file = FileBand::GetColorTable()) return of_file;
  Categories* const own = HasOwnColours() ? GetCategories() : nullptr;
  return own ? own->colours() : nullptr;
}

char** RasterBand::GetCategoryNames() {
  if (char** const of_file = FileBand::GetCategoryNames()) return of_file;
  const auto range = ClassRange();
  Categories* const own = range && TakesColours(eDataType, *range) ? GetCategories() : nullptr;
  return own ? own->names() : nullptr;
}

GDALRasterAttributeTable* RasterBand::GetDefaultRAT() {
  if (GDALRasterAttributeTable* const of_file = FileBand::GetDefaultRAT()) return of_file;
  Categories* const own = GetCategories();
  return own ? own->table() : nullptr;
}

std::optional<ValueRange> RasterBand::ClassRange() {
  if (!facts_.classes) return std::nullopt;
  if (facts_.range) return facts_.range;
  if (facts_.classes->range()) return facts_.classes->range();
  int has_low = FALSE;
  int has_high = FALSE;
  const ValueRange of_file{GetMinimum(&has_low), GetMaximum(&has_high)};
  return has_low && has_high ? std::optional<ValueRange>(of_file) : std::nullopt;
}

// Null where there are none.
Categories* RasterBand::GetCategories() {
  return Guarded(
      [&]() -> Categories* {
        if (categories_) return categories_.get();
        const auto range = ClassRange();
        if (!range || !HoldsClasses(*range)) return nullptr;
        std::vector<RasterClass> classes = ClassesIn(*range, facts_.classes->names());
        int has_no_data = FALSE;
        const double no_data = GetNoDataValue(&has_no_data);
        const auto is_no_data = [&](const RasterClass& one) {
          return has_no_data && static_cast<double>(one.value) == no_data;
        };
        classes.erase(std::remove_if(classes.begin(), classes.end(), is_no_data), classes.end());
        categories_ = std::make_unique<Categories>(std::move(classes), FileBand::GetColorTable());
        return categories_.get();
      },
      nullptr);
}

}  // namespace s2c
