// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "client/api/resources.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// A band of the file with what the API says of it. What is set or computed stays in memory.
class RasterBand final : public ForwardingBand {
 public:
  /// `file_band` must outlive this. `colour` holds where the file has no interpretation itself.
  RasterBand(GDALDataset* dataset, int number, GDALRasterBand* file_band,
             const std::optional<ValueRange>& range, GDALColorInterp colour);

  char** GetMetadataDomainList() override;
  MetadataList GetMetadata(const char* domain) override;
  const char* GetMetadataItem(const char* name, const char* domain) override;
  CPLErr SetMetadata(MetadataList items, const char* domain) override;
  CPLErr SetMetadataItem(const char* name, const char* value, const char* domain) override;

  double GetMinimum(int* success) override;
  double GetMaximum(int* success) override;
  GDALColorInterp GetColorInterpretation() override;
  // GDAL's proxy does not hand these on.
  int64_t GetNoDataValueAsInt64(int* success) override;
  uint64_t GetNoDataValueAsUInt64(int* success) override;

  CPLErr GetStatistics(int approx_ok, int force, double* min, double* max, double* mean,
                       double* std_dev) override;
  CPLErr ComputeStatistics(int approx_ok, double* min, double* max, double* mean, double* std_dev,
                           GDALProgressFunc progress, void* progress_data) override;
  CPLErr ComputeRasterMinMax(int approx_ok, double* min_max) override;
  CPLErr SetStatistics(double min, double max, double mean, double std_dev) override;

 protected:
  GDALRasterBand* Underlying() const override { return file_band_; }

 private:
  GDALRasterBand* const file_band_;
  const std::optional<ValueRange> range_;
  const GDALColorInterp colour_;
};

}  // namespace s2c
