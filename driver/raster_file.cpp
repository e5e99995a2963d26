// SPDX-License-Identifier: MIT
#include "driver/raster_file.h"

#include <gdal_pam.h>

#include <string>

#include "vsi/report.h"

namespace s2c {
namespace {

std::string NameOf(const Mount& mount, std::size_t index) {
  const Inference& inference = mount.inference()->inference;
  return "output '" + inference.outputs[index].name + "' of inference " +
         std::to_string(inference.id);
}

bool HaveOneShape(GDALDataset& a, GDALDataset& b) {
  if (a.GetRasterXSize() != b.GetRasterXSize() || a.GetRasterYSize() != b.GetRasterYSize() ||
      a.GetRasterCount() != b.GetRasterCount())
    return false;
  for (int i = 1; i <= a.GetRasterCount(); ++i) {
    if (a.GetRasterBand(i)->GetRasterDataType() != b.GetRasterBand(i)->GetRasterDataType())
      return false;
  }
  return true;
}

}  // namespace

RasterFile::RasterFile(std::unique_ptr<Mount> mount, std::size_t index)
    : mount_(std::move(mount)), index_(index) {}

RasterFile::~RasterFile() = default;

std::unique_ptr<RasterFile> RasterFile::Open(std::unique_ptr<Mount> mount, std::size_t index) {
  std::unique_ptr<RasterFile> file(new RasterFile(std::move(mount), index));
  file->opened_ = file->OpenWithGTiff();
  return file->opened_ ? std::move(file) : nullptr;
}

std::unique_ptr<RasterFile> RasterFile::Again() const {
  auto mount = mount_->Again();
  if (mount) return Open(std::move(*mount), index_);
  Report(mount.error());
  return nullptr;
}

// Null after an error that was reported.
std::unique_ptr<GDALDataset> RasterFile::OpenWithGTiff() const {
  const char* const drivers[] = {"GTiff", nullptr};
  const std::string path = read_through().OutputPath(index_);
  std::unique_ptr<GDALDataset> file;
  const ReadOutcome outcome = WatchReads(read_through(), [&] {
    file.reset(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, drivers, nullptr,
                                 nullptr));
    return file != nullptr;
  });
  if (outcome != ReadOutcome::kGood) {
    // The bytes that came may have been a broken proxy's: the next open asks again.
    if (outcome != ReadOutcome::kUnread) read_through().ForgetOutput(index_);
    if (outcome == ReadOutcome::kSilent)
      Report(Error{ErrorKind::kProtocol,
                   NameOf(*mount_, index_) + " is not a GeoTIFF file; copy it from " + kVsiPrefix +
                       std::to_string(mount_->inference()->inference.id) + "/ to look at it",
                   0});
    return nullptr;
  }
  // Histograms and the like stay in memory: there is no writing an .aux.xml beside remote data.
  if (auto* const pam = dynamic_cast<GDALPamDataset*>(file.get()))
    pam->SetPamFlags(pam->GetPamFlags() | GPF_NOSAVE);
  return file;
}

bool RasterFile::Reopen() {
  if (!read_through().IsOfThisProcess()) {
    // The parent's path leads nowhere in a forked child.
    auto own = mount_->Again();
    if (!own) {
      Report(own.error());
      return false;
    }
    own_mount_ = std::move(*own);
  }
  auto fresh = OpenWithGTiff();
  if (!fresh) return false;
  if (!HaveOneShape(*fresh, *opened_)) {
    Report(Error{ErrorKind::kChanged,
                 NameOf(*mount_, index_) + " is not the raster that was opened: open it again", 0});
    return false;
  }
  reopened_ = std::move(fresh);
  is_stale_ = false;
  return true;
}

// Null after an error that was reported.
GDALDataset* RasterFile::Current() {
  if (is_stale_ && !Reopen()) return nullptr;
  return reopened_ ? reopened_.get() : opened_.get();
}

bool RasterFile::Run(Reading reading, const Call& call) {
  GDALDataset* const current = Current();
  if (!current) return false;
  ReadOutcome outcome = WatchReads(read_through(), [&] { return call(*current); });
  if (outcome == ReadOutcome::kSilent && reading == Reading::kPixels) {
    // As GTiff before 3.7 does, whose threads tell nobody; rasterio looks at the error alone.
    Report(Error{ErrorKind::kProtocol,
                 NameOf(*mount_, index_) +
                     " cannot be decoded: GDAL's GTiff driver does not take the bytes that came; "
                     "open it again, and rerun the inference if that does not help",
                 0});
    outcome = ReadOutcome::kUnusable;
  }
  const bool is_broken = outcome == ReadOutcome::kUnusable && reading != Reading::kAnswer;
  if (outcome == ReadOutcome::kUnread || is_broken) {
    is_stale_ = true;
    // Its blocks are of no use to anybody.
    current->FlushCache(false);
  }
  if (is_broken) read_through().ForgetOutput(index_);
  return outcome == ReadOutcome::kGood;
}

bool RasterFile::Read(Reading reading, const Call& call) {
  return Guarded([&] { return IsMaskKnown() && Run(reading, call); }, false);
}

void RasterFile::DoubtMask(int band, int told_flags) {
  if (!doubt_) doubt_ = Doubt{band, told_flags};
}

bool RasterFile::IsMaskKnown() {
  if (!doubt_) return true;
  int flags = 0;
  const bool is_known = Run(Reading::kAnswer, [&](GDALDataset& file) {
    flags = file.GetRasterBand(doubt_->band)->GetMaskFlags();
    return true;
  });
  if (!is_known) return false;
  if (flags != doubt_->told_flags) {
    Report(Error{ErrorKind::kChanged,
                 NameOf(*mount_, index_) +
                     " has a mask that could not be read when it was asked for, so that invalid "
                     "pixels may have been taken for valid ones: open it again",
                 0});
    return false;
  }
  doubt_.reset();
  return true;
}

}  // namespace s2c
