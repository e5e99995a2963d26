// SPDX-License-Identifier: MIT
#include "driver/raster_band.h"

#include <cpl_string.h>

namespace s2c {

RasterBand::RasterBand(GDALDataset* dataset, RasterFile& file, int number,
                       const std::optional<ValueRange>& range, GDALColorInterp colour)
    : FileBand(dataset, file, number), range_(range), colour_(colour) {
  GDALRasterBand::SetDescription(file.opened().GetRasterBand(number)->GetDescription());
  if (!range_) return;
  // GDAL's own names (GDALRasterBand::SetStatistics). No mean and no deviation: the API has none.
  GDALMajorObject::SetMetadataItem("STATISTICS_MINIMUM", CPLSPrintf("%.17g", range_->first));
  GDALMajorObject::SetMetadataItem("STATISTICS_MAXIMUM", CPLSPrintf("%.17g", range_->second));
}

double RasterBand::GetMinimum(int* success) {
  if (!range_) return FileBand::GetMinimum(success);
  if (success) *success = TRUE;
  return range_->first;
}

double RasterBand::GetMaximum(int* success) {
  if (!range_) return FileBand::GetMaximum(success);
  if (success) *success = TRUE;
  return range_->second;
}

GDALColorInterp RasterBand::GetColorInterpretation() {
  const GDALColorInterp of_file = Underlying()->GetColorInterpretation();
  const bool is_unset = of_file == GCI_Undefined || of_file == GCI_GrayIndex;
  return is_unset && colour_ != GCI_Undefined ? colour_ : of_file;
}

}  // namespace s2c
