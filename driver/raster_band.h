// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "client/api/resources.h"
#include "driver/file_band.h"

namespace s2c {

/// A band of the file with what the API says of it. What is set or computed stays in memory.
class RasterBand final : public FileBand {
 public:
  /// `file` must outlive this. `colour` holds where the file has no interpretation itself.
  RasterBand(GDALDataset* dataset, RasterFile& file, int number,
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
  CPLErr SetStatistics(double min, double max, double mean, double std_dev) override;

 private:
  const std::optional<ValueRange> range_;
  const GDALColorInterp colour_;
};

}  // namespace s2c
