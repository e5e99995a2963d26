// SPDX-License-Identifier: MIT
#include "driver/many/many_band.h"

#include <utility>

#include "client/base/text.h"
#include "vsi/report.h"

namespace s2c {
namespace {

double Given(const std::optional<double>& value, int* success) {
  if (success) *success = value ? TRUE : FALSE;
  return value.value_or(0);
}

}  // namespace

ManyBand::ManyBand(ManyDataset& many, int number, const PlannedBand& planned)
    : SourcedBand(&many, number, number > 0 ? planned.facts.type : GDT_Byte, many.GetRasterXSize(),
                  many.GetRasterYSize()),
      many_(many),
      planned_(planned),
      has_classes_(number == 0) {
  if (number == 0) return;
  SetDescription(planned_.description.c_str());
  SetColorInterpretation(planned_.facts.colour);
  if (planned_.facts.no_data) SetNoDataValue(*planned_.facts.no_data);
  if (planned_.facts.scale) SetScale(*planned_.facts.scale);
  if (planned_.facts.offset) SetOffset(*planned_.facts.offset);
  if (!planned_.facts.unit.empty()) SetUnitType(planned_.facts.unit.c_str());
  GDALRasterBand::SetMetadata(CPLStringList(planned_.metadata).List());
}

double ManyBand::GetMinimum(int* success) {
  return Given(nBand > 0 ? planned_.facts.minimum : std::nullopt, success);
}

double ManyBand::GetMaximum(int* success) {
  return Given(nBand > 0 ? planned_.facts.maximum : std::nullopt, success);
}

GDALColorTable* ManyBand::GetColorTable() {
  LoadClasses();
  return VRTSourcedRasterBand::GetColorTable();
}

char** ManyBand::GetCategoryNames() {
  LoadClasses();
  return VRTSourcedRasterBand::GetCategoryNames();
}

GDALRasterAttributeTable* ManyBand::GetDefaultRAT() {
  LoadClasses();
  return VRTSourcedRasterBand::GetDefaultRAT();
}

void ManyBand::LayGround(const Window& to) const {
  const double ground = planned_.facts.no_data.value_or(0);
  for (int row = 0; row < to.height; ++row) {
    GDALCopyWords(&ground, GDT_Float64, 0, static_cast<GByte*>(to.data) + row * to.line_space,
                  to.type, static_cast<int>(to.pixel_space), to.width);
  }
}

void ManyBand::LoadClasses() {
  if (has_classes_) return;
  const std::size_t first = planned_.sources.front();
  OpenSources& all = *many_.sources_;
  const bool is_categorical =
      EqualIgnoringCase(all.at(first).output().value_type.value_or(""), "categorical");
  const bool may_have_classes = is_categorical || planned_.facts.colour == GCI_PaletteIndex;
  has_classes_ = !may_have_classes ||
                 Guarded(
                     [&] {
                       GDALDataset* const dataset = all.Take(first);
                       if (!dataset) return false;
                       GDALRasterBand* const band = dataset->GetRasterBand(planned_.source_band);
                       if (GDALColorTable* const colours = band->GetColorTable())
                         SetColorTable(colours);
                       if (char** const names = band->GetCategoryNames()) SetCategoryNames(names);
                       if (const auto* const table = band->GetDefaultRAT()) SetDefaultRAT(table);
                       all.GiveBack(first);
                       return true;
                     },
                     false);
}

CPLErr ManyBand::GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                              int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                              void* progress_data) {
  return many_.Watch([&] {
    return VRTSourcedRasterBand::GetHistogram(min, max, buckets, histogram, include_out_of_range,
                                              approx_ok, progress, progress_data);
  });
}

CPLErr ManyBand::ComputeStatistics(int approx_ok, double* min, double* max, double* mean,
                                   double* std_dev, GDALProgressFunc progress,
                                   void* progress_data) {
  return many_.Watch([&] {
    return VRTSourcedRasterBand::ComputeStatistics(approx_ok, min, max, mean, std_dev, progress,
                                                   progress_data);
  });
}

CPLErr ManyBand::ComputeRasterMinMax(int approx_ok, double* min_max) {
  return many_.Watch([&] { return VRTSourcedRasterBand::ComputeRasterMinMax(approx_ok, min_max); });
}

CPLErr ManyBand::IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                           int buffer_width, int buffer_height, GDALDataType type,
                           GSpacing pixel_space, GSpacing line_space, GDALRasterIOExtraArg* extra) {
  const ManyDataset::Region region{x, y, width, height, buffer_width, buffer_height, nBand == 0};
  return many_.Read(region, {&planned_}, [&] {
    return VRTSourcedRasterBand::IRasterIO(mode, x, y, width, height, data, buffer_width,
                                           buffer_height, type, pixel_space, line_space, extra);
  });
}

}  // namespace s2c
