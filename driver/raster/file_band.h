// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver/raster/raster_file.h"

namespace s2c {

/// A band of a RasterFile, one of its overviews, or a mask of either. What reads goes through
/// RasterFile::Read(), so that a read that failed is an error. Metadata are this band's own, all
/// else is the opened file's: for an overview that of its band, whose colours and categories it
/// has, for a mask GDAL's defaults. What is set stays in memory: nothing is written beside remote
/// data.
class FileBand : public ForwardingBand {
 public:
  enum class Kind { kBand, kOverview, kMask };

  int GetOverviewCount() override;
  GDALRasterBand* GetOverview(int index) override;
  GDALRasterBand* GetRasterSampleOverview(GUIntBig samples) override;
  GDALRasterBand* GetMaskBand() override;
  int GetMaskFlags() override;
  bool IsMaskBand() const override { return kind_ == Kind::kMask; }

  char** GetMetadataDomainList() override;
  MetadataList GetMetadata(const char* domain) override;
  const char* GetMetadataItem(const char* name, const char* domain) override;
  CPLErr SetMetadata(MetadataList items, const char* domain) override;
  CPLErr SetMetadataItem(const char* name, const char* value, const char* domain) override;

  double GetNoDataValue(int* success) override;
  // GDAL's proxy does not hand these on.
  int64_t GetNoDataValueAsInt64(int* success) override;
  uint64_t GetNoDataValueAsUInt64(int* success) override;
  CPLErr SetNoDataValue(double value) override;
  CPLErr DeleteNoDataValue() override;
  double GetMinimum(int* success) override;
  double GetMaximum(int* success) override;
  GDALColorInterp GetColorInterpretation() override;
  GDALColorTable* GetColorTable() override;
  char** GetCategoryNames() override;
  GDALRasterAttributeTable* GetDefaultRAT() override;
  double GetOffset(int* success) override;
  double GetScale(int* success) override;

  CPLErr GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                      int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                      void* progress_data) override;
  CPLErr GetDefaultHistogram(double* min, double* max, int* buckets, GUIntBig** histogram,
                             int force, GDALProgressFunc progress, void* progress_data) override;
  CPLErr GetStatistics(int approx_ok, int force, double* min, double* max, double* mean,
                       double* std_dev) override;
  CPLErr ComputeStatistics(int approx_ok, double* min, double* max, double* mean, double* std_dev,
                           GDALProgressFunc progress, void* progress_data) override;
  CPLErr SetStatistics(double min, double max, double mean, double std_dev) override;
  CPLErr ComputeRasterMinMax(int approx_ok, double* min_max) override;

  CPLErr BuildOverviews(const char* resampling, int count, const int* levels,
                        GDALProgressFunc progress, void* progress_data,
                        CSLConstList options) override;
  CPLErr CreateMaskBand(int flags) override;
  CPLErr Fill(double real, double imaginary) override;

 protected:
  /// The band `number` of the file; `dataset` is the one that this is a band of.
  FileBand(GDALDataset* dataset, RasterFile& file, int number);

  GDALRasterBand* Underlying() const override;
  CPLErr IReadBlock(int x, int y, void* data) override;
  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, GSpacing pixel_space,
                   GSpacing line_space, GDALRasterIOExtraArg* extra) override;
  int IGetDataCoverageStatus(int x, int y, int width, int height, int stop_at,
                             double* percent) override;

 private:
  /// `parent` is the band whose overview or mask this is, and must outlive it.
  FileBand(FileBand& parent, Kind kind, int index);

  /// This band in a dataset of the file; null where it has none. May read.
  GDALRasterBand* In(GDALDataset& file) const;
  bool Read(Reading reading, const std::function<bool(GDALRasterBand&)>& call);
  /// Without the question whether that went well: an answer that needs none.
  bool Ask(const std::function<void(GDALRasterBand&)>& call);
  void TakeShape(GDALRasterBand& band);
  bool IsOwn(const char* domain);
  GDALDataset* Level(std::size_t index);
  std::unique_ptr<FileBand> MakeOverview(int index);

  RasterFile& file_;
  FileBand* const parent_;  ///< null for kBand
  const Kind kind_;
  const int index_;                                      ///< the band's number, or which overview
  std::vector<std::unique_ptr<GDALDataset>> overviews_;  ///< by level
  std::unique_ptr<FileBand> mask_;
  /// What the domain TIFF has said, by name: the file's own text may end with the file.
  std::map<std::string, std::string> places_;
};

}  // namespace s2c
