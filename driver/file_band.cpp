// SPDX-License-Identifier: MIT
#include "driver/file_band.h"

#include <algorithm>

namespace s2c {

FileBand::FileBand(GDALDataset* dataset, RasterFile& file, int number)
    : file_(file), parent_(nullptr), kind_(Kind::kBand), index_(number) {
  poDS = dataset;
  nBand = number;
  TakeShape(*file.opened().GetRasterBand(number));
}

// Without a dataset, as overviews and masks of other proxies are: GDAL would take one for the
// dataset whose bands these are.
FileBand::FileBand(FileBand& parent, Kind kind, int index)
    : file_(parent.file_), parent_(&parent), kind_(kind), index_(index) {
  nBand = kind == Kind::kOverview ? parent.nBand : 0;
  eAccess = GA_ReadOnly;
  eDataType = kind == Kind::kOverview ? parent.eDataType : GDT_Byte;
  nRasterXSize = parent.nRasterXSize;
  nRasterYSize = parent.nRasterYSize;
  nBlockXSize = parent.nBlockXSize;
  nBlockYSize = parent.nBlockYSize;
}

void FileBand::TakeShape(GDALRasterBand& band) {
  eAccess = GA_ReadOnly;
  eDataType = band.GetRasterDataType();
  nRasterXSize = band.GetXSize();
  nRasterYSize = band.GetYSize();
  band.GetBlockSize(&nBlockXSize, &nBlockYSize);
}

GDALRasterBand* FileBand::Underlying() const { return In(file_.opened()); }

GDALRasterBand* FileBand::In(GDALDataset& file) const {
  if (kind_ == Kind::kBand) return file.GetRasterBand(index_);
  GDALRasterBand* const parent = parent_->In(file);
  if (!parent) return nullptr;
  return kind_ == Kind::kMask ? parent->GetMaskBand() : parent->GetOverview(index_);
}

bool FileBand::Read(Reading reading, const std::function<bool(GDALRasterBand&)>& call) {
  return file_.Read(reading, [&](GDALDataset& file) {
    GDALRasterBand* const band = In(file);
    return band && call(*band);
  });
}

bool FileBand::Ask(const std::function<void(GDALRasterBand&)>& call) {
  return Read(Reading::kAnswer, [&](GDALRasterBand& band) {
    call(band);
    return true;
  });
}

CPLErr FileBand::ReadAs(Reading reading, const std::function<CPLErr(GDALRasterBand&)>& call) {
  // A warning is what GDAL returns where nothing was to be done, as of statistics not forced.
  CPLErr result = CE_Failure;
  const auto runs = [&](GDALRasterBand& band) {
    result = call(band);
    return result == CE_None || result == CE_Warning;
  };
  return Read(reading, runs) ? result : CE_Failure;
}

CPLErr FileBand::IReadBlock(int x, int y, void* data) {
  return ReadAs(Reading::kPixels, [&](GDALRasterBand& band) {
    int width = 0;
    int height = 0;
    band.GetBlockSize(&width, &height);
    if (width == nBlockXSize && height == nBlockYSize) return band.ReadBlock(x, y, data);
    // Of a mask that could not be looked at when this was made.
    const int left = x * nBlockXSize;
    const int top = y * nBlockYSize;
    const int columns = std::min(nBlockXSize, nRasterXSize - left);
    const int rows = std::min(nBlockYSize, nRasterYSize - top);
    const int pixel = GDALGetDataTypeSizeBytes(eDataType);
    return band.RasterIO(GF_Read, left, top, columns, rows, data, columns, rows, eDataType, pixel,
                         static_cast<GSpacing>(pixel) * nBlockXSize, nullptr);
  });
}

CPLErr FileBand::IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                           int buffer_width, int buffer_height, GDALDataType type,
                           GSpacing pixel_space, GSpacing line_space, GDALRasterIOExtraArg* extra) {
  const bool can_be_cancelled = extra && extra->pfnProgress;
  return ReadAs(can_be_cancelled ? Reading::kCancellablePixels : Reading::kPixels,
                [&](GDALRasterBand& band) {
                  return band.RasterIO(mode, x, y, width, height, data, buffer_width, buffer_height,
                                       type, pixel_space, line_space, extra);
                });
}

int FileBand::GetOverviewCount() {
  int count = 0;
  const bool is_known = Ask([&](GDALRasterBand& band) { count = band.GetOverviewCount(); });
  return is_known ? count : 0;
}

GDALRasterBand* FileBand::GetOverview(int index) {
  if (index < 0) return nullptr;
  const auto place = static_cast<std::size_t>(index);
  if (place < overviews_.size() && overviews_[place]) return overviews_[place].get();
  std::unique_ptr<FileBand> made;
  const bool is_known = Ask([&](GDALRasterBand& band) {
    GDALRasterBand* const overview = band.GetOverview(index);
    if (!overview) return;
    made.reset(new FileBand(*this, Kind::kOverview, index));
    made->TakeShape(*overview);
  });
  if (!is_known || !made) return nullptr;
  if (overviews_.size() <= place) overviews_.resize(place + 1);
  overviews_[place] = std::move(made);
  return overviews_[place].get();
}

// GDALRasterBand's own, which chooses among the overviews of this.
GDALRasterBand* FileBand::GetRasterSampleOverview(GUIntBig samples) {
  return GDALRasterBand::GetRasterSampleOverview(samples);
}

// There always is one. Where the file cannot be looked at, reading from it will say so.
GDALRasterBand* FileBand::GetMaskBand() {
  if (mask_) return mask_.get();
  mask_.reset(new FileBand(*this, Kind::kMask, 0));
  Ask([&](GDALRasterBand& band) {
    if (GDALRasterBand* const mask = band.GetMaskBand()) mask_->TakeShape(*mask);
  });
  return mask_.get();
}

int FileBand::GetMaskFlags() {
  int flags = GMF_ALL_VALID;
  const bool is_known = Ask([&](GDALRasterBand& band) { flags = band.GetMaskFlags(); });
  if (is_known) return flags;
  if (kind_ != Kind::kMask) file_.DoubtMask(nBand, GMF_ALL_VALID);
  return GMF_ALL_VALID;
}

// GTiff reads where a block lies for the domain TIFF.
const char* FileBand::GetMetadataItem(const char* name, const char* domain) {
  bool is_there = false;
  const bool is_known = Ask([&](GDALRasterBand& band) {
    const char* const item = band.GetMetadataItem(name, domain);
    is_there = item != nullptr;
    if (is_there) item_ = item;
  });
  return is_known && is_there ? item_.c_str() : nullptr;
}

CPLErr FileBand::GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                              int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                              void* progress_data) {
  return ReadAs(Reading::kAnswer, [&](GDALRasterBand& band) {
    return band.GetHistogram(min, max, buckets, histogram, include_out_of_range, approx_ok,
                             progress, progress_data);
  });
}

CPLErr FileBand::GetDefaultHistogram(double* min, double* max, int* buckets, GUIntBig** histogram,
                                     int force, GDALProgressFunc progress, void* progress_data) {
  return ReadAs(Reading::kAnswer, [&](GDALRasterBand& band) {
    return band.GetDefaultHistogram(min, max, buckets, histogram, force, progress, progress_data);
  });
}

// GDALRasterBand's own, not the proxy's: they work on this band's metadata and pixels, where the
// file's band would try to write its statistics beside the remote file.
CPLErr FileBand::GetStatistics(int approx_ok, int force, double* min, double* max, double* mean,
                               double* std_dev) {
  return GDALRasterBand::GetStatistics(approx_ok, force, min, max, mean, std_dev);
}

CPLErr FileBand::ComputeStatistics(int approx_ok, double* min, double* max, double* mean,
                                   double* std_dev, GDALProgressFunc progress,
                                   void* progress_data) {
  return GDALRasterBand::ComputeStatistics(approx_ok, min, max, mean, std_dev, progress,
                                           progress_data);
}

// The approximate range is that of the API, not one guessed from an overview.
CPLErr FileBand::ComputeRasterMinMax(int approx_ok, double* min_max) {
  return GDALRasterBand::ComputeRasterMinMax(approx_ok, min_max);
}

}  // namespace s2c
