// SPDX-License-Identifier: MIT
#include "driver/many/open_sources.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "driver/kept_messages.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// How many sources ahead of the one that is read: enough to fill a link of some round trips with
// files of some kilobytes.
constexpr std::size_t kOpenAhead = 128;
// A server that answers all at once ends all at once: what is on its way beyond what fills the link
// is decoded only when nothing comes any more.
constexpr std::uint64_t kBytesAhead = std::uint64_t{4} << 20;

std::optional<ByteRange> BlockAt(GDALRasterBand& band, int x, int y) {
  const std::string place = std::to_string(x) + "_" + std::to_string(y);
  const char* const offset = band.GetMetadataItem(("BLOCK_OFFSET_" + place).c_str(), "TIFF");
  if (!offset) return std::nullopt;
  const std::uint64_t begin = std::strtoull(offset, nullptr, 10);
  const char* const size = band.GetMetadataItem(("BLOCK_SIZE_" + place).c_str(), "TIFF");
  if (!size) return std::nullopt;
  return ByteRange{begin, std::strtoull(size, nullptr, 10)};
}

// The band's level that GDAL reads for a buffer of that size, with the window there.
GDALRasterBand& LevelFor(GDALRasterBand& band, SourceRead& read) {
  if (read.buffer_width >= read.width && read.buffer_height >= read.height) return band;
  GDALRasterIOExtraArg extra;
  INIT_RASTERIO_EXTRA_ARG(extra);
  const int level = GDALBandGetBestOverviewLevel2(&band, read.x, read.y, read.width, read.height,
                                                  read.buffer_width, read.buffer_height, &extra);
  GDALRasterBand* const overview = level >= 0 ? band.GetOverview(level) : nullptr;
  // The function has made the window that of the level.
  return overview ? *overview : band;
}

// The blocks that a read needs, each once, until they are `most` bytes.
class WantedBlocks {
 public:
  explicit WantedBlocks(std::uint64_t most) : most_(most) {}

  void Add(GDALRasterBand& band, SourceRead read) {
    GDALRasterBand& level = LevelFor(band, read);
    int wide = 0;
    int high = 0;
    level.GetBlockSize(&wide, &high);
    if (wide <= 0 || high <= 0) return;
    for (int y = read.y / high; y <= (read.y + read.height - 1) / high; ++y) {
      for (int x = read.x / wide; x <= (read.x + read.width - 1) / wide; ++x) {
        if (bytes_ >= most_) return;
        const auto block = BlockAt(level, x, y);
        if (!block || !known_.insert(block->offset).second) continue;
        ranges_.push_back(*block);
        bytes_ += block->size;
      }
    }
  }

  const std::vector<ByteRange>& ranges() const { return ranges_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  const std::uint64_t most_;
  std::set<std::uint64_t> known_;
  std::vector<ByteRange> ranges_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

GDALDataset* OpenSources::Use(List::iterator opened) {
  opened_.splice(opened_.begin(), opened_, opened);
  opened->user = std::this_thread::get_id();
  ++opened->uses;
  return opened->dataset.get();
}

// Taken out, to be closed when the lock is gone.
OpenSources::List OpenSources::Surplus() {
  List surplus;
  for (auto last = opened_.end();
       opened_.size() + opening_ >= kMostOpen && last != opened_.begin();) {
    const auto candidate = std::prev(last);
    if (candidate->uses > 0) {
      last = candidate;
      continue;
    }
    places_.erase(candidate->source);
    surplus.splice(surplus.begin(), opened_, candidate);
  }
  return surplus;
}

// Under the lock.
bool OpenSources::IsUsedByAnother(std::size_t source) {
  const auto found = places_.find(source);
  return found != places_.end() && found->second->uses > 0 &&
         found->second->user != std::this_thread::get_id();
}

GDALDataset* OpenSources::Take(std::size_t source) {
  Reach(source);
  {
    std::unique_lock<std::mutex> lock(mutex_);
    given_back_.wait(lock, [&] { return !IsUsedByAnother(source); });
    const auto found = places_.find(source);
    if (found != places_.end()) return Use(found->second);
  }
  return Open(source, true);
}

// For who goes ahead: null where it is used already, or cannot be opened.
GDALDataset* OpenSources::TakeUnused(std::size_t source) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = places_.find(source);
    if (found != places_.end() && found->second->uses > 0) return nullptr;
    if (found != places_.end()) return Use(found->second);
  }
  GDALDataset* dataset = nullptr;
  // Who reads it tells why not.
  KeepMessages([&] { dataset = Open(source, false); });
  return dataset;
}

GDALDataset* OpenSources::Open(std::size_t source, bool may_wait) {
  List surplus;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    surplus = Surplus();
    ++opening_;
  }
  for (Opened& closed : surplus) {
    closed.dataset.reset();
    sources_[closed.source]->Rest(true);
  }
  auto dataset = OpenOne(source);
  std::unique_lock<std::mutex> lock(mutex_);
  --opening_;
  if (!dataset) return nullptr;
  // Another thread may have opened it meanwhile: its own is as good, and alone for a while.
  if (may_wait) given_back_.wait(lock, [&] { return !IsUsedByAnother(source); });
  const auto found = places_.find(source);
  if (found != places_.end()) return IsUsedByAnother(source) ? nullptr : Use(found->second);
  opened_.push_front({source, std::move(dataset), {}, 0});
  places_[source] = opened_.begin();
  return Use(opened_.begin());
}

void OpenSources::GiveBack(std::size_t source) {
  sources_[source]->Rest(false);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    --places_.at(source)->uses;
  }
  given_back_.notify_all();
}

bool OpenSources::IsOpen(std::size_t source) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return places_.count(source) > 0;
}

void OpenSources::Expect(std::vector<SourceRead> reads) {
  const std::lock_guard<std::mutex> lock(ahead_mutex_);
  expected_ = std::move(reads);
  positions_.clear();
  for (std::size_t i = 0; i < expected_.size(); ++i) positions_[expected_[i].source] = i;
  begun_to_open_ = 0;
  begun_pixels_.clear();
  GoAhead(0);
}

// Whoever is here first asks for all.
void OpenSources::Reach(std::size_t source) {
  const std::unique_lock<std::mutex> lock(ahead_mutex_, std::try_to_lock);
  if (!lock) return;
  if (const auto found = positions_.find(source); found != positions_.end()) GoAhead(found->second);
}

void OpenSources::GoAhead(std::size_t reached) {
  for (; begun_to_open_ < std::min(reached + kOpenAhead, expected_.size()); ++begun_to_open_) {
    const std::size_t source = expected_[begun_to_open_].source;
    if (!IsOpen(source)) sources_[source]->BeginToOpen();
  }
  std::uint64_t ahead = 0;
  for (std::size_t i = reached; i < begun_pixels_.size(); ++i) ahead += begun_pixels_[i];
  while (begun_pixels_.size() < std::min(reached + kPixelsAhead, expected_.size()) &&
         ahead < std::min(most_ahead_, kBytesAhead)) {
    begun_pixels_.push_back(0);
    const SourceRead& next = expected_[begun_pixels_.size() - 1];
    begun_pixels_.back() = BeginPixels(next);
    ahead += begun_pixels_.back();
  }
}

std::uint64_t OpenSources::BeginPixels(const SourceRead& read) {
  GDALDataset* const dataset = TakeUnused(read.source);
  if (!dataset) return 0;
  WantedBlocks wanted(most_ahead_);
  KeepMessages([&] {
    for (const int number : read.bands) {
      GDALRasterBand* const band = dataset->GetRasterBand(number);
      if (!band) continue;
      const bool has_mask = (band->GetMaskFlags() & GMF_PER_DATASET) != 0;
      if (!read.of_mask) wanted.Add(*band, read);
      GDALRasterBand* const mask = has_mask ? band->GetMaskBand() : nullptr;
      if (mask) wanted.Add(*mask, read);
    }
  });
  GiveBack(read.source);
  sources_[read.source]->Begin(wanted.ranges());
  return wanted.bytes();
}

bool OpenSources::Watch(const std::function<bool()>& call) {
  const auto failures = [&] {
    const std::lock_guard<std::mutex> lock(mutex_);
    return failures_;
  };
  const std::size_t before = failures();
  const GUInt32 told_before = CPLGetErrorCounter();
  const bool is_good = call();
  if (failures() == before) return is_good;
  Failure last;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    last = last_failure_;
  }
  // GDAL's threads may have told nobody, and GDAL may have said something less helpful since.
  const bool is_told = CPLGetErrorCounter() != told_before && last.text == CPLGetLastErrorMsg();
  if (!is_told) KeptMessage{CE_Failure, last.number, last.text}.Say();
  return false;
}

void OpenSources::AddFailure() {
  // Who was told to stop by a progress function has not failed.
  if (CPLGetLastErrorNo() == CPLE_UserInterrupt) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failures_;
  const std::string text = CPLGetLastErrorMsg();
  // GDAL repeats what it was told, and says where.
  const bool is_repeated =
      !last_failure_.text.empty() && text.find(last_failure_.text) != std::string::npos;
  if (!is_repeated) last_failure_ = {CPLGetLastErrorNo(), text};
}

}  // namespace s2c
