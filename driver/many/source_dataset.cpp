// SPDX-License-Identifier: MIT
#include "driver/many/source_dataset.h"

#include <utility>
#include <vector>

#include "driver/kept_messages.h"

namespace s2c {
namespace {

// A failed read is told to who watches the reads of all sources: GDAL's VRT driver reads in
// threads, and not every caller of a mask hands an error on.
CPLErr Told(OpenSources& sources, CPLErr outcome) {
  if (outcome != CE_None) sources.AddFailure();
  return outcome;
}

}  // namespace

/// A band of a source, one of its overviews, or a mask of either.
class SourceBand final : public ForwardingBand {
 public:
  enum class Kind { kBand, kOverview, kMask };

  SourceBand(SourceDataset& dataset, SourceBand* parent, Kind kind, int index)
      : dataset_(dataset), parent_(parent), kind_(kind), index_(index) {
    poDS = &dataset;
    eAccess = GA_ReadOnly;
    if (kind_ == Kind::kBand) nBand = index;
    eDataType = kind_ == Kind::kMask ? GDT_Byte : facts().type;
    const Shape shape = kind_ == Kind::kMask ? parent_->level().mask : level().shape;
    nRasterXSize = shape.width;
    nRasterYSize = shape.height;
    nBlockXSize = shape.block_width;
    nBlockYSize = shape.block_height;
  }

  double GetNoDataValue(int* success) override {
    if (kind_ == Kind::kMask) return GDALProxyRasterBand::GetNoDataValue(success);
    if (success) *success = facts().no_data ? TRUE : FALSE;
    return facts().no_data.value_or(0);
  }
  int GetMaskFlags() override {
    return kind_ == Kind::kBand ? facts().mask_flags : GDALProxyRasterBand::GetMaskFlags();
  }
  GDALColorInterp GetColorInterpretation() override {
    return kind_ == Kind::kMask ? GCI_Undefined : facts().colour;
  }
  bool IsMaskBand() const override { return kind_ == Kind::kMask; }

  int GetOverviewCount() override {
    return kind_ == Kind::kBand ? static_cast<int>(facts().overviews.size()) : 0;
  }
  GDALRasterBand* GetOverview(int level) override {
    if (level < 0 || level >= GetOverviewCount()) return nullptr;
    overviews_.resize(facts().overviews.size());
    return Child(overviews_[static_cast<std::size_t>(level)], Kind::kOverview, level);
  }
  GDALRasterBand* GetRasterSampleOverview(GUIntBig) override { return this; }
  GDALRasterBand* GetMaskBand() override {
    return kind_ == Kind::kMask ? this : Child(mask_, Kind::kMask, 0);
  }

  // GDAL's VRT driver has these done in threads.
  CPLErr GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                      int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                      void* progress_data) override {
    return Told(*dataset_.sources_, GDALProxyRasterBand::GetHistogram(
                                        min, max, buckets, histogram, include_out_of_range,
                                        approx_ok, progress, progress_data));
  }
  CPLErr ComputeStatistics(int approx_ok, double* min, double* max, double* mean, double* std_dev,
                           GDALProgressFunc progress, void* progress_data) override {
    return Told(*dataset_.sources_,
                GDALProxyRasterBand::ComputeStatistics(approx_ok, min, max, mean, std_dev, progress,
                                                       progress_data));
  }
  CPLErr ComputeRasterMinMax(int approx_ok, double* min_max) override {
    return Told(*dataset_.sources_, GDALProxyRasterBand::ComputeRasterMinMax(approx_ok, min_max));
  }

  CPLErr FlushCache(bool at_closing) override { return GDALRasterBand::FlushCache(at_closing); }

 protected:
  GDALRasterBand* Underlying() const override {
    GDALDataset* const opened = dataset_.RefUnderlyingDataset();
    GDALRasterBand* const band = opened ? In(*opened) : nullptr;
    if (opened && !band) dataset_.UnrefUnderlyingDataset(opened);
    return band;
  }
  void UnrefUnderlyingRasterBand(GDALRasterBand*) const override {
    dataset_.UnrefUnderlyingDataset(nullptr);
  }

  CPLErr IReadBlock(int x, int y, void* data) override {
    const GUInt32 told_before = CPLGetErrorCounter();
    const CPLErr outcome = Told(*dataset_.sources_, ReadBlockOfFile(x, y, data));
    if (outcome != CE_None) MoveErrorCounterFrom(told_before);
    return outcome;
  }
  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, GSpacing pixel_space,
                   GSpacing line_space, GDALRasterIOExtraArg* extra) override {
    return Told(*dataset_.sources_, GDALProxyRasterBand::IRasterIO(
                                        mode, x, y, width, height, data, buffer_width,
                                        buffer_height, type, pixel_space, line_space, extra));
  }

 private:
  CPLErr ReadBlockOfFile(int x, int y, void* data) {
    GDALRasterBand* const band = Underlying();
    if (!band) return CE_Failure;
    const Shape now = Shape::Of(*band);
    CPLErr outcome = CE_Failure;
    if (now.block_width == nBlockXSize && now.block_height == nBlockYSize) {
      outcome = band->ReadBlock(x, y, data);
    } else {
      // Written into a buffer of the size that was known, it would be too long.
      const std::string name = ShownText(dataset_.GetDescription());
      CPLError(CE_Failure, CPLE_AppDefined, "%s is not the raster that was opened: open it again",
               name.c_str());
    }
    UnrefUnderlyingRasterBand(band);
    return outcome;
  }

  // Of a band or an overview.
  const Level& level() const {
    return kind_ == Kind::kBand ? facts().level
                                : facts().overviews[static_cast<std::size_t>(index_)];
  }

  const SourceBandFacts& facts() const {
    return kind_ == Kind::kBand ? dataset_.facts_.bands[static_cast<std::size_t>(index_) - 1]
                                : parent_->facts();
  }

  GDALRasterBand* In(GDALDataset& opened) const {
    if (kind_ == Kind::kBand) return opened.GetRasterBand(index_);
    GDALRasterBand* const band = parent_->In(opened);
    if (!band) return nullptr;
    return kind_ == Kind::kMask ? band->GetMaskBand() : band->GetOverview(index_);
  }

  GDALRasterBand* Child(std::unique_ptr<SourceBand>& child, Kind kind, int index) {
    if (!child) child = std::make_unique<SourceBand>(dataset_, this, kind, index);
    return child.get();
  }

  SourceDataset& dataset_;
  SourceBand* const parent_;  ///< null for kBand
  const Kind kind_;
  const int index_;  ///< the band's number, or which overview
  std::vector<std::unique_ptr<SourceBand>> overviews_;
  std::unique_ptr<SourceBand> mask_;
};

SourceDataset::SourceDataset(std::shared_ptr<OpenSources> sources, std::size_t source,
                             const SourceFacts& facts)
    : sources_(std::move(sources)), source_(source), facts_(facts) {
  nRasterXSize = facts_.width;
  nRasterYSize = facts_.height;
  eAccess = GA_ReadOnly;
  SetDescription(sources_->at(source).name().c_str());
  for (int i = 1; i <= static_cast<int>(facts_.bands.size()); ++i)
    SetBand(i, new SourceBand(*this, nullptr, SourceBand::Kind::kBand, i));
}

SourceDataset::~SourceDataset() {
  // As in RasterDataset: what the bands hand on to is gone when GDALDataset deletes them.
  for (int i = 0; i < nBands; ++i) delete papoBands[i];
  nBands = 0;
  CPLFree(papoBands);
  papoBands = nullptr;
}

const OGRSpatialReference* SourceDataset::GetSpatialRef() const { return facts_.reference.get(); }

char** SourceDataset::GetFileList() {
  const Source& source = sources_->at(source_);
  CPLStringList files;
  files.AddString(source.path().c_str());
  return files.StealList();
}

GDALDataset* SourceDataset::RefUnderlyingDataset() const { return sources_->Take(source_); }

void SourceDataset::UnrefUnderlyingDataset(GDALDataset*) const { sources_->GiveBack(source_); }

CPLErr SourceDataset::IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                                int buffer_width, int buffer_height, GDALDataType type,
                                int band_count, BandMap bands, GSpacing pixel_space,
                                GSpacing line_space, GSpacing band_space,
                                GDALRasterIOExtraArg* extra) {
  return Told(*sources_, GDALProxyDataset::IRasterIO(mode, x, y, width, height, data, buffer_width,
                                                     buffer_height, type, band_count, bands,
                                                     pixel_space, line_space, band_space, extra));
}

}  // namespace s2c
