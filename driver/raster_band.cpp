// SPDX-License-Identifier: MIT
#include "driver/raster_band.h"

#include <cpl_string.h>

#include "driver/raster_metadata.h"

namespace s2c {

RasterBand::RasterBand(GDALDataset* dataset, RasterFile& file, int number,
                       const std::optional<ValueRange>& range, GDALColorInterp colour)
    : FileBand(dataset, file, number), range_(range), colour_(colour) {
  GDALRasterBand* const file_band = Underlying();
  GDALRasterBand::SetDescription(file_band->GetDescription());
  CPLStringList items(CSLDuplicate(file_band->GetMetadata()));
  if (range_) {
    // GDAL's own names (GDALRasterBand::SetStatistics). No mean and no deviation: the API has none.
    items.SetNameValue("STATISTICS_MINIMUM", CPLSPrintf("%.17g", range_->first));
    items.SetNameValue("STATISTICS_MAXIMUM", CPLSPrintf("%.17g", range_->second));
  }
  GDALMajorObject::SetMetadata(items.List());
}

char** RasterBand::GetMetadataDomainList() {
  CPLStringList domains(Underlying()->GetMetadataDomainList());
  if (domains.FindString("") < 0 &&
      !CPLStringList(GDALMajorObject::GetMetadataDomainList()).empty())
    domains.AddString("");
  return domains.StealList();
}

MetadataList RasterBand::GetMetadata(const char* domain) {
  MetadataList own = GDALMajorObject::GetMetadata(domain);
  return own || IsDefaultDomain(domain) ? own : Underlying()->GetMetadata(domain);
}

const char* RasterBand::GetMetadataItem(const char* name, const char* domain) {
  const char* const own = GDALMajorObject::GetMetadataItem(name, domain);
  return own || IsDefaultDomain(domain) ? own : FileBand::GetMetadataItem(name, domain);
}

CPLErr RasterBand::SetMetadata(MetadataList items, const char* domain) {
  return GDALMajorObject::SetMetadata(items, domain);
}

CPLErr RasterBand::SetMetadataItem(const char* name, const char* value, const char* domain) {
  return GDALMajorObject::SetMetadataItem(name, value, domain);
}

double RasterBand::GetMinimum(int* success) {
  if (!range_) return Underlying()->GetMinimum(success);
  if (success) *success = TRUE;
  return range_->first;
}

double RasterBand::GetMaximum(int* success) {
  if (!range_) return Underlying()->GetMaximum(success);
  if (success) *success = TRUE;
  return range_->second;
}

GDALColorInterp RasterBand::GetColorInterpretation() {
  const GDALColorInterp of_file = Underlying()->GetColorInterpretation();
  const bool is_unset = of_file == GCI_Undefined || of_file == GCI_GrayIndex;
  return is_unset && colour_ != GCI_Undefined ? colour_ : of_file;
}

int64_t RasterBand::GetNoDataValueAsInt64(int* success) {
  return Underlying()->GetNoDataValueAsInt64(success);
}

uint64_t RasterBand::GetNoDataValueAsUInt64(int* success) {
  return Underlying()->GetNoDataValueAsUInt64(success);
}

CPLErr RasterBand::SetStatistics(double min, double max, double mean, double std_dev) {
  return GDALRasterBand::SetStatistics(min, max, mean, std_dev);
}

}  // namespace s2c
