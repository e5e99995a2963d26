// SPDX-License-Identifier: MIT
#include "driver/raster/raster_file.h"

#include <gdal_pam.h>

#include <string>

#include "driver/kept_messages.h"
#include "driver/needed_driver.h"
#include "vsi/report.h"

namespace s2c {
namespace {

std::string NameOf(const Mount& mount, std::size_t index) {
  const Inference& inference = mount.inference()->inference;
  return "output '" + inference.outputs[index].name + "' of inference " +
         std::to_string(inference.id);
}

// Who was told to stop, and stopped without a word, has not failed.
struct WatchedProgress {
  GDALProgressFunc function;
  void* data;
  bool was_cancelled = false;

  static int CPL_STDCALL Call(double done, const char* text, void* self) {
    auto* const watched = static_cast<WatchedProgress*>(self);
    const int go_on = watched->function(done, text, watched->data);
    if (!go_on) watched->was_cancelled = true;
    return go_on;
  }
};

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

RasterFile::RasterFile(std::unique_ptr<Mount> mount, std::size_t index,
                       const CPLStringList& gtiff_options)
    : mount_(std::move(mount)), index_(index), gtiff_options_(gtiff_options) {}

RasterFile::~RasterFile() = default;

std::unique_ptr<RasterFile> RasterFile::Open(std::unique_ptr<Mount> mount, std::size_t index,
                                             const CPLStringList& gtiff_options) {
  std::unique_ptr<RasterFile> file(new RasterFile(std::move(mount), index, gtiff_options));
  file->opened_ = file->OpenWithGTiff();
  return file->opened_ ? std::move(file) : nullptr;
}

std::unique_ptr<RasterFile> RasterFile::Again() const {
  auto mount = mount_->Again();
  if (!mount) {
    Report(mount.error());
    return nullptr;
  }
  auto again = Open(std::move(*mount), index_, gtiff_options_);
  if (again) {
    for (const auto& set : settings_) again->Set(set);
  }
  return again;
}

// Null after an error that was reported.
std::unique_ptr<GDALDataset> RasterFile::OpenWithGTiff() const {
  if (!NeededDriver("GTiff", NameOf(*mount_, index_))) return nullptr;
  const char* const drivers[] = {"GTiff", nullptr};
  const std::string path = read_through().OutputPath(index_);
  std::unique_ptr<GDALDataset> file;
  const ReadOutcome outcome = WatchReads(read_through(), [&] {
    file.reset(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, drivers,
                                 gtiff_options_.List(), nullptr));
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
  // GDAL opens any dataset that the file's metadata name as its overviews: the server's words, and
  // a result is one file (issue 9).
  constexpr const char* kItem = "OVERVIEW_FILE";
  constexpr const char* kDomain = "OVERVIEWS";
  if (file->GetMetadataItem(kItem, kDomain)) file->SetMetadataItem(kItem, nullptr, kDomain);
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
  for (const auto& set : settings_) set(*fresh);
  reopened_ = std::move(fresh);
  is_stale_ = false;
  return true;
}

// Null after an error that was reported.
GDALDataset* RasterFile::Current() {
  if (is_stale_ && running_ > 0) {
    // Who reads here is called by who reads from what would be closed.
    Report(read_through().record().last());
    return nullptr;
  }
  if (is_stale_ && !Reopen()) return nullptr;
  return reopened_ ? reopened_.get() : opened_.get();
}

bool RasterFile::Run(Reading reading, const Call& call, const bool* was_cancelled) {
  const GUInt32 told_before = CPLGetErrorCounter();
  const bool is_good = RunOnce(reading, call, was_cancelled);
  if (!is_good) MoveErrorCounterFrom(told_before);
  return is_good;
}

bool RasterFile::RunOnce(Reading reading, const Call& call, const bool* was_cancelled) {
  GDALDataset* const current = Current();
  if (!current) return false;
  ++running_;
  ReadOutcome outcome = WatchReads(read_through(), [&] { return call(*current); });
  --running_;
  const bool is_silent = outcome == ReadOutcome::kSilent && !(was_cancelled && *was_cancelled);
  if (is_silent && reading == Reading::kPixels) {
    // As GTiff before 3.7 does, whose threads tell nobody; rasterio looks at the error alone.
    Report(Error{ErrorKind::kProtocol,
                 NameOf(*mount_, index_) +
                     " cannot be decoded: GDAL's GTiff driver does not take the bytes that came; "
                     "open it again, and rerun the inference if that does not help",
                 0});
    outcome = ReadOutcome::kUnusable;
  }
  const bool is_broken = outcome == ReadOutcome::kUnusable && reading == Reading::kPixels;
  if (outcome == ReadOutcome::kUnread || is_broken) {
    is_stale_ = true;
    // Its blocks are of no use to anybody.
    current->FlushCache(false);
  }
  if (is_broken) read_through().ForgetOutput(index_);
  return outcome == ReadOutcome::kGood;
}

bool RasterFile::Read(Reading reading, const Call& call) {
  return Guarded([&] { return Run(reading, call, nullptr); }, false);
}

bool RasterFile::ReadPixels(GDALRasterIOExtraArg* extra, const PixelCall& call) {
  if (!extra || !extra->pfnProgress)
    return Read(Reading::kPixels, [&](GDALDataset& file) { return call(file, extra); });
  WatchedProgress progress{extra->pfnProgress, extra->pProgressData};
  GDALRasterIOExtraArg own = *extra;
  own.pfnProgress = WatchedProgress::Call;
  own.pProgressData = &progress;
  const auto with_own = [&](GDALDataset& file) { return call(file, &own); };
  return Guarded([&] { return Run(Reading::kPixels, with_own, &progress.was_cancelled); }, false);
}

CPLErr RasterFile::Set(const std::function<CPLErr(GDALDataset&)>& set) {
  return Guarded(
      [&] {
        settings_.push_back(set);
        if (reopened_) set(*reopened_);
        return set(*opened_);
      },
      CE_Failure);
}

CPLErr RasterFile::RefuseChange(const char* what) const {
  return Guarded(
      [&] {
        Report(Error{ErrorKind::kInvalidInput,
                     std::string(what) + " " + NameOf(*mount_, index_) +
                         ": results are read-only, so copy it to a local file first",
                     0});
        return CE_Failure;
      },
      CE_Failure);
}

}  // namespace s2c
