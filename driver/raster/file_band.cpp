// SPDX-License-Identifier: MIT
#include "driver/raster/file_band.h"

#include <cpl_string.h>

#include <algorithm>

#include "driver/result_metadata.h"

namespace s2c {
namespace {

// One level of overviews, of all bands: GDAL reads and copies them together, and 3.13 does not look
// whether there is a dataset.
class OverviewDataset final : public GDALDataset {
 public:
  OverviewDataset() { eAccess = GA_ReadOnly; }

  void Add(std::unique_ptr<GDALRasterBand> band) {
    nRasterXSize = band->GetXSize();
    nRasterYSize = band->GetYSize();
    SetBand(nBands + 1, band.release());
  }
};

}  // namespace

FileBand::FileBand(GDALDataset* dataset, RasterFile& file, int number)
    : file_(file), parent_(nullptr), kind_(Kind::kBand), index_(number) {
  poDS = dataset;
  nBand = number;
  TakeShape(*file.opened().GetRasterBand(number));
}

FileBand::FileBand(FileBand& parent, Kind kind, int index)
    : file_(parent.file_), parent_(&parent), kind_(kind), index_(index) {
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
  GDALMajorObject::SetMetadata(band.GetMetadata());
}

// Reads nothing: a file of which a read has failed may have lost its overviews and masks.
GDALRasterBand* FileBand::Underlying() const {
  if (kind_ == Kind::kBand) return file_.opened().GetRasterBand(index_);
  return kind_ == Kind::kOverview ? parent_->Underlying() : nullptr;
}

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

CPLErr FileBand::IReadBlock(int x, int y, void* data) {
  const bool is_read = Read(Reading::kPixels, [&](GDALRasterBand& band) {
    int width = 0;
    int height = 0;
    band.GetBlockSize(&width, &height);
    if (width == nBlockXSize && height == nBlockYSize) return band.ReadBlock(x, y, data) == CE_None;
    // Of a mask that could not be looked at when this was made.
    const int left = x * nBlockXSize;
    const int top = y * nBlockYSize;
    const int columns = std::min(nBlockXSize, nRasterXSize - left);
    const int rows = std::min(nBlockYSize, nRasterYSize - top);
    const int pixel = GDALGetDataTypeSizeBytes(eDataType);
    return band.RasterIO(GF_Read, left, top, columns, rows, data, columns, rows, eDataType, pixel,
                         static_cast<GSpacing>(pixel) * nBlockXSize, nullptr) == CE_None;
  });
  return is_read ? CE_None : CE_Failure;
}

CPLErr FileBand::IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                           int buffer_width, int buffer_height, GDALDataType type,
                           GSpacing pixel_space, GSpacing line_space, GDALRasterIOExtraArg* extra) {
  const bool is_read = file_.ReadPixels(extra, [&](GDALDataset& file, GDALRasterIOExtraArg* own) {
    GDALRasterBand* const band = In(file);
    return band && band->RasterIO(mode, x, y, width, height, data, buffer_width, buffer_height,
                                  type, pixel_space, line_space, own) == CE_None;
  });
  return is_read ? CE_None : CE_Failure;
}

// Which blocks the file has at all; where that cannot be looked up, all of them.
int FileBand::IGetDataCoverageStatus(int x, int y, int width, int height, int stop_at,
                                     double* percent) {
  int status = 0;
  const bool is_known = Ask([&](GDALRasterBand& band) {
    status = band.GetDataCoverageStatus(x, y, width, height, stop_at, percent);
  });
  if (is_known) return status;
  return GDALRasterBand::IGetDataCoverageStatus(x, y, width, height, stop_at, percent);
}

int FileBand::GetOverviewCount() {
  int count = 0;
  const bool is_known = Ask([&](GDALRasterBand& band) { count = band.GetOverviewCount(); });
  return is_known ? count : 0;
}

GDALRasterBand* FileBand::GetOverview(int index) {
  if (index < 0) return nullptr;
  // Those of one level are kept by the first band of their dataset; a mask's by the mask.
  const bool is_one_of_many = kind_ == Kind::kBand;
  FileBand& keeper = is_one_of_many ? static_cast<FileBand&>(*poDS->GetRasterBand(1)) : *this;
  GDALDataset* const level = keeper.Level(static_cast<std::size_t>(index));
  return level ? level->GetRasterBand(is_one_of_many ? nBand : 1) : nullptr;
}

// Null where there is none, or after an error that was reported.
GDALDataset* FileBand::Level(std::size_t index) {
  if (index < overviews_.size() && overviews_[index]) return overviews_[index].get();
  auto level = std::make_unique<OverviewDataset>();
  const int count = kind_ == Kind::kBand ? poDS->GetRasterCount() : 1;
  for (int i = 1; i <= count; ++i) {
    FileBand& band = kind_ == Kind::kBand ? static_cast<FileBand&>(*poDS->GetRasterBand(i)) : *this;
    auto overview = band.MakeOverview(static_cast<int>(index));
    if (!overview) return nullptr;
    level->Add(std::move(overview));
  }
  if (overviews_.size() <= index) overviews_.resize(index + 1);
  overviews_[index] = std::move(level);
  return overviews_[index].get();
}

std::unique_ptr<FileBand> FileBand::MakeOverview(int index) {
  std::unique_ptr<FileBand> made;
  const bool is_known = Ask([&](GDALRasterBand& band) {
    GDALRasterBand* const overview = band.GetOverview(index);
    if (!overview) return;
    made.reset(new FileBand(*this, Kind::kOverview, index));
    made->TakeShape(*overview);
  });
  return is_known ? std::move(made) : nullptr;
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

// Where it cannot be looked up, there may be a mask: whoever asks it gets the right one, or an
// error. To take all pixels for valid would be wrong pixels.
int FileBand::GetMaskFlags() {
  int flags = 0;
  const bool is_known = Ask([&](GDALRasterBand& band) { flags = band.GetMaskFlags(); });
  return is_known ? flags : GMF_PER_DATASET;
}

char** FileBand::GetMetadataDomainList() {
  GDALRasterBand* const of_file = Underlying();
  CPLStringList domains(of_file ? of_file->GetMetadataDomainList() : nullptr);
  AddMissing(domains, OwnDomains(*this));
  return domains.StealList();
}

MetadataList FileBand::GetMetadata(const char* domain) {
  GDALRasterBand* const of_file = IsOwn(domain) ? nullptr : Underlying();
  return of_file ? of_file->GetMetadata(domain) : GDALMajorObject::GetMetadata(domain);
}

const char* FileBand::GetMetadataItem(const char* name, const char* domain) {
  if (IsOwn(domain)) return GDALMajorObject::GetMetadataItem(name, domain);
  if (!EQUAL(domain, "TIFF")) {
    GDALRasterBand* const of_file = Underlying();
    return of_file ? of_file->GetMetadataItem(name, domain) : nullptr;
  }
  // Here GTiff reads where a block lies.
  const std::string* place = nullptr;
  const bool is_known = Ask([&](GDALRasterBand& band) {
    const char* const item = band.GetMetadataItem(name, domain);
    if (item) place = &places_.insert_or_assign(name, item).first->second;
  });
  return is_known && place ? place->c_str() : nullptr;
}

bool FileBand::IsOwn(const char* domain) {
  return IsDefaultDomain(domain) || OwnDomains(*this).FindString(domain) >= 0;
}

CPLErr FileBand::SetMetadata(MetadataList items, const char* domain) {
  return GDALMajorObject::SetMetadata(items, domain);
}

CPLErr FileBand::SetMetadataItem(const char* name, const char* value, const char* domain) {
  if (!IsOwn(domain)) {
    // One item more, beside what the file has there.
    CPLStringList of_file(CSLDuplicate(GetMetadata(domain)));
    GDALMajorObject::SetMetadata(of_file.List(), domain);
  }
  return GDALMajorObject::SetMetadataItem(name, value, domain);
}

double FileBand::GetNoDataValue(int* success) {
  if (GDALRasterBand* const band = Underlying()) return band->GetNoDataValue(success);
  return GDALRasterBand::GetNoDataValue(success);
}

int64_t FileBand::GetNoDataValueAsInt64(int* success) {
  if (GDALRasterBand* const band = Underlying()) return band->GetNoDataValueAsInt64(success);
  return GDALRasterBand::GetNoDataValueAsInt64(success);
}

uint64_t FileBand::GetNoDataValueAsUInt64(int* success) {
  if (GDALRasterBand* const band = Underlying()) return band->GetNoDataValueAsUInt64(success);
  return GDALRasterBand::GetNoDataValueAsUInt64(success);
}

// The mask follows from it, so that the file opened again must have it, too.
CPLErr FileBand::SetNoDataValue(double value) {
  return file_.Set([number = nBand, value](GDALDataset& file) {
    return file.GetRasterBand(number)->SetNoDataValue(value);
  });
}

CPLErr FileBand::DeleteNoDataValue() {
  return file_.Set([number = nBand](GDALDataset& file) {
    return file.GetRasterBand(number)->DeleteNoDataValue();
  });
}

// GDALRasterBand's own: from this band's metadata, where computed statistics are, too.
double FileBand::GetMinimum(int* success) { return GDALRasterBand::GetMinimum(success); }
double FileBand::GetMaximum(int* success) { return GDALRasterBand::GetMaximum(success); }

GDALColorInterp FileBand::GetColorInterpretation() {
  return kind_ == Kind::kOverview ? parent_->GetColorInterpretation()
                                  : ForwardingBand::GetColorInterpretation();
}

GDALColorTable* FileBand::GetColorTable() {
  return kind_ == Kind::kOverview ? parent_->GetColorTable() : ForwardingBand::GetColorTable();
}

char** FileBand::GetCategoryNames() {
  return kind_ == Kind::kOverview ? parent_->GetCategoryNames()
                                  : ForwardingBand::GetCategoryNames();
}

GDALRasterAttributeTable* FileBand::GetDefaultRAT() {
  return kind_ == Kind::kOverview ? parent_->GetDefaultRAT() : ForwardingBand::GetDefaultRAT();
}

double FileBand::GetOffset(int* success) {
  if (GDALRasterBand* const band = Underlying()) return band->GetOffset(success);
  return GDALRasterBand::GetOffset(success);
}

double FileBand::GetScale(int* success) {
  if (GDALRasterBand* const band = Underlying()) return band->GetScale(success);
  return GDALRasterBand::GetScale(success);
}

CPLErr FileBand::GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                              int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                              void* progress_data) {
  return GDALRasterBand::GetHistogram(min, max, buckets, histogram, include_out_of_range, approx_ok,
                                      progress, progress_data);
}

CPLErr FileBand::GetDefaultHistogram(double* min, double* max, int* buckets, GUIntBig** histogram,
                                     int force, GDALProgressFunc progress, void* progress_data) {
  CPLErr result = CE_Failure;
  const bool is_answered = Read(Reading::kAnswer, [&](GDALRasterBand& band) {
    result = band.GetDefaultHistogram(min, max, buckets, histogram, force, progress, progress_data);
    return result != CE_Failure;
  });
  if (is_answered) return result;
  // This finds out whether pixels came broken, so that they are asked for again.
  return GDALRasterBand::GetDefaultHistogram(min, max, buckets, histogram, force, progress,
                                             progress_data);
}

// GDALRasterBand's own, not the proxy's, as with histograms: they work on this band's metadata and
// pixels, where the file's band would try to write its statistics beside the remote file.
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

CPLErr FileBand::SetStatistics(double min, double max, double mean, double std_dev) {
  return GDALRasterBand::SetStatistics(min, max, mean, std_dev);
}

// The approximate range is that of the API, not one guessed from an overview.
CPLErr FileBand::ComputeRasterMinMax(int approx_ok, double* min_max) {
  return GDALRasterBand::ComputeRasterMinMax(approx_ok, min_max);
}

CPLErr FileBand::BuildOverviews(const char*, int, const int*, GDALProgressFunc, void*,
                                CSLConstList) {
  return file_.RefuseChange("overviews cannot be built of");
}

CPLErr FileBand::CreateMaskBand(int) { return file_.RefuseChange("a mask cannot be made for"); }

CPLErr FileBand::Fill(double, double) { return file_.RefuseChange("no pixel can be written to"); }

}  // namespace s2c
