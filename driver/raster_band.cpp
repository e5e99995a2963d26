// SPDX-License-Identifier: MIT
#include "driver/raster_band.h"

#include <cpl_string.h>

#include "driver/raster_metadata.h"

namespace s2c {
RasterBand::RasterBand(GDALDataset* dataset, int number, GDALRasterBand* file_band,
                       const std::optional<ValueRange>& range, GDALColorInterp colour)
    : file_band_(file_band), range_(range), colour_(colour) {
  poDS = dataset;
  nBand = number;
  eAccess = GA_ReadOnly;
  eDataType = file_band->GetRasterDataType();
  nRasterXSize = file_band->GetXSize();
  nRasterYSize = file_band->GetYSize();
  file_band->GetBlockSize(&nBlockXSize, &nBlockYSize);
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
  CPLStringList domains(file_band_->GetMetadataDomainList());
  if (domains.FindString("") < 0 &&
      !CPLStringList(GDALMajorObject::GetMetadataDomainList()).empty())
    domains.AddString("");
  return domains.StealList();
}

MetadataList RasterBand::GetMetadata(const char* domain) {
  MetadataList own = GDALMajorObject::GetMetadata(domain);
  return own || IsDefaultDomain(domain) ? own : file_band_->GetMetadata(domain);
}

const char* RasterBand::GetMetadataItem(const char* name, const char* domain) {
  const char* const own = GDALMajorObject::GetMetadataItem(name, domain);
  return own || IsDefaultDomain(domain) ? own : file_band_->GetMetadataItem(name, domain);
}

CPLErr RasterBand::SetMetadata(MetadataList items, const char* domain) {
  return GDALMajorObject::SetMetadata(items, domain);
}

CPLErr RasterBand::SetMetadataItem(const char* name, const char* value, const char* domain) {
  return GDALMajorObject::SetMetadataItem(name, value, domain);
}

double RasterBand::GetMinimum(int* success) {
  if (!range_) return file_band_->GetMinimum(success);
  if (success) *success = TRUE;
  return range_->first;
}

double RasterBand::GetMaximum(int* success) {
  if (!range_) return file_band_->GetMaximum(success);
  if (success) *success = TRUE;
  return range_->second;
}

GDALColorInterp RasterBand::GetColorInterpretation() {
  const GDALColorInterp of_file = file_band_->GetColorInterpretation();
  const bool is_unset = of_file == GCI_Undefined || of_file == GCI_GrayIndex;
  return is_unset && colour_ != GCI_Undefined ? colour_ : of_file;
}

int64_t RasterBand::GetNoDataValueAsInt64(int* success) {
  return file_band_->GetNoDataValueAsInt64(success);
}

uint64_t RasterBand::GetNoDataValueAsUInt64(int* success) {
  return file_band_->GetNoDataValueAsUInt64(success);
}

// GDALRasterBand's own, not the proxy's: they work on this band's metadata and pixels, where the
// file's band would try to write its statistics beside the remote file.
CPLErr RasterBand::GetStatistics(int approx_ok, int force, double* min, double* max, double* mean,
                                 double* std_dev) {
  return GDALRasterBand::GetStatistics(approx_ok, force, min, max, mean, std_dev);
}

CPLErr RasterBand::ComputeStatistics(int approx_ok, double* min, double* max, double* mean,
                                     double* std_dev, GDALProgressFunc progress,
                                     void* progress_data) {
  return GDALRasterBand::ComputeStatistics(approx_ok, min, max, mean, std_dev, progress,
                                           progress_data);
}

// The approximate range is that of the API, not one guessed from an overview.
CPLErr RasterBand::ComputeRasterMinMax(int approx_ok, double* min_max) {
  return GDALRasterBand::ComputeRasterMinMax(approx_ok, min_max);
}

CPLErr RasterBand::SetStatistics(double min, double max, double mean, double std_dev) {
  return GDALRasterBand::SetStatistics(min, max, mean, std_dev);
}

}  // namespace s2c
