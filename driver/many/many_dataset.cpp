// SPDX-License-Identifier: MIT
#include "driver/many/many_dataset.h"

#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "client/base/text.h"
#include "driver/many/many_band.h"
#include "driver/many/source_dataset.h"
#include "driver/many/warped_source.h"
#include "vsi/report.h"

namespace s2c {
namespace {

constexpr std::size_t kBandsAhead = 16;

struct Unreferenced {
  void operator()(GDALDataset* dataset) const { dataset->ReleaseRef(); }
};

// A source of a band: what is invalid in it lets what is below be seen.
std::unique_ptr<VRTSimpleSource> SourceOf(const SourceBandFacts& facts) {
  // Of an alpha band GDAL takes the band itself for its mask.
  const bool has_mask = facts.HasMask() || facts.colour == GCI_AlphaBand;
  if (!facts.no_data && !has_mask) return std::make_unique<VRTSimpleSource>();
  auto source = std::make_unique<VRTComplexSource>();
  if (facts.no_data) {
    source->SetNoDataValue(*facts.no_data);
  } else {
    source->SetUseMaskBand(true);
  }
  return source;
}

// The part of a source that a region needs, in the source's pixels; nothing where they do not meet.
std::optional<SourceRead> PartOf(const PlannedSource& source, int x, int y, int width, int height,
                                 int buffer_width, int buffer_height) {
  const Placement& at = source.place;
  const double left = std::max<double>(x, at.x);
  const double top = std::max<double>(y, at.y);
  const double right = std::min<double>(x + width, at.x + at.width);
  const double bottom = std::min<double>(y + height, at.y + at.height);
  if (left >= right || top >= bottom) return std::nullopt;
  const double scale_x = source.facts.width / at.width;
  const double scale_y = source.facts.height / at.height;
  SourceRead read;
  read.x = std::clamp(static_cast<int>((left - at.x) * scale_x), 0, source.facts.width - 1);
  read.y = std::clamp(static_cast<int>((top - at.y) * scale_y), 0, source.facts.height - 1);
  read.width = std::clamp(static_cast<int>(std::ceil((right - at.x) * scale_x)) - read.x, 1,
                          source.facts.width - read.x);
  read.height = std::clamp(static_cast<int>(std::ceil((bottom - at.y) * scale_y)) - read.y, 1,
                           source.facts.height - read.y);
  read.buffer_width = static_cast<int>(std::ceil((right - left) * buffer_width / width));
  read.buffer_height = static_cast<int>(std::ceil((bottom - top) * buffer_height / height));
  return read;
}

}  // namespace

std::unique_ptr<ManyDataset> ManyDataset::Make(ManyPlanPtr plan,
                                               std::shared_ptr<OpenSources> sources) {
  std::unique_ptr<ManyDataset> made(new ManyDataset(std::move(plan), std::move(sources)));
  if (!made->AddSources()) return nullptr;
  return made;
}

ManyDataset::ManyDataset(ManyPlanPtr plan, std::shared_ptr<OpenSources> sources)
    : VirtualDataset(plan->grid.width, plan->grid.height),
      plan_(std::move(plan)),
      sources_(std::move(sources)) {
  std::array<double, 6> transform = plan_->grid.transform;
  GDALSetGeoTransform(GDALDataset::ToHandle(this), transform.data());
  if (plan_->grid.reference) SetSpatialRef(plan_->grid.reference.get());
  // Who copies it reads all bands at a time then, as they come from the sources.
  if (!plan_->is_stack && plan_->bands.size() > 1)
    GDALDataset::SetMetadataItem("INTERLEAVE", "PIXEL", "IMAGE_STRUCTURE");
  GDALDataset::SetMetadata(CPLStringList(plan_->metadata).List());
  for (const PlannedBand& band : plan_->bands)
    SetBand(nBands + 1, new ManyBand(*this, nBands + 1, band));
  const bool has_mask = std::any_of(
      plan_->sources.begin(), plan_->sources.end(),
      [](const PlannedSource& source) { return source.on_grid.bands.front().HasMask(); });
  const bool has_alpha =
      std::any_of(plan_->bands.begin(), plan_->bands.end(),
                  [](const PlannedBand& band) { return band.facts.colour == GCI_AlphaBand; });
  if (!has_mask || has_alpha || plan_->is_stack) return;
  auto mask = std::make_unique<ManyBand>(*this, 0, plan_->bands.front());
  mask_ = mask.get();
  SetMaskOf(*this, std::move(mask));
}

bool ManyDataset::AddSources() {
  for (std::size_t i = 0; i < plan_->sources.size(); ++i) {
    const PlannedSource& planned = plan_->sources[i];
    std::unique_ptr<GDALDataset, Unreferenced> dataset(
        new SourceDataset(sources_, i, planned.facts));
    if (planned.is_warped) {
      dataset.reset(Warped(*dataset, planned.on_grid).release());
      if (!dataset) return false;
    }
    AddSource(planned, i, *dataset);
  }
  return true;
}

void ManyDataset::AddSource(const PlannedSource& source, std::size_t index, GDALDataset& dataset) {
  const Placement& to = source.place;
  const auto add = [&](VRTSourcedRasterBand& band, std::unique_ptr<VRTSimpleSource> made,
                       int source_band, bool is_mask) {
    band.ConfigureSource(made.get(), dataset.GetRasterBand(source_band), is_mask, 0, 0,
                         dataset.GetRasterXSize(), dataset.GetRasterYSize(), to.x, to.y, to.width,
                         to.height);
    band.AddSource(made.release());
  };
  const auto add_mask = [&](VRTSourcedRasterBand& mask, int source_band) {
    auto masked = std::make_unique<VRTComplexSource>();
    masked->SetUseMaskBand(true);
    add(mask, std::move(masked), source_band, true);
  };
  for (std::size_t i = 0; i < plan_->bands.size(); ++i) {
    const PlannedBand& planned = plan_->bands[i];
    if (plan_->is_stack && planned.sources.front() != index) continue;
    auto& band = *static_cast<VRTSourcedRasterBand*>(papoBands[i]);
    const auto place = static_cast<std::size_t>(planned.source_band) - 1;
    add(band, SourceOf(source.on_grid.bands[place]), planned.source_band, false);
    if (!plan_->is_stack || planned.facts.no_data) continue;
    // What is around it, or masked in it, has no value that would tell.
    auto mask = std::make_unique<ManyBand>(*this, 0, planned);
    add_mask(*mask, planned.source_band);
    SetMaskOf(band, std::move(mask));
  }
  if (mask_) add_mask(*mask_, 1);
}

char** ManyDataset::GetFileList() {
  CPLStringList files;
  for (const PlannedSource& planned : plan_->sources)
    files.AddString(planned.source->path().c_str());
  return files.StealList();
}

// As it is saved: with the classes that nobody may have asked for yet.
CPLXMLNode* ManyDataset::SerializeToXML(const char* vrt_path) {
  for (int i = 0; i < nBands; ++i) static_cast<ManyBand*>(papoBands[i])->LoadClasses();
  return VRTDataset::SerializeToXML(vrt_path);
}

std::unique_ptr<GDALDataset> ManyDataset::OwnClone() const {
  return Guarded(
      [&]() -> std::unique_ptr<GDALDataset> {
        auto clone = Make(plan_, std::make_shared<OpenSources>(sources_->all(), plan_->most_ahead));
        if (clone) clone->SetDescription(GetDescription());
        return clone;
      },
      nullptr);
}

std::vector<SourceRead> ManyDataset::ReadsOf(const Region& region, const Bands& bands) const {
  std::vector<SourceRead> reads;
  std::map<std::size_t, std::size_t> places;
  const auto add = [&](std::size_t source, int source_band) {
    const PlannedSource& planned = plan_->sources[source];
    const auto found = places.find(source);
    if (found != places.end()) {
      if (!planned.is_warped) reads[found->second].bands.push_back(source_band);
      return;
    }
    auto read = PartOf(planned, region.x, region.y, region.width, region.height,
                       region.buffer_width, region.buffer_height);
    if (!read) return;
    read->source = source;
    read->of_mask = region.is_of_masks;
    // Which pixels the warper will want is its own affair.
    if (!planned.is_warped) read->bands.push_back(source_band);
    places[source] = reads.size();
    reads.push_back(std::move(*read));
  };
  for (const PlannedBand* band : bands) {
    for (const std::size_t source : band->sources) add(source, band->source_band);
  }
  return reads;
}

CPLErr ManyDataset::Watch(const std::function<CPLErr()>& call) {
  const auto is_good = [&] { return call() == CE_None; };
  return Guarded([&] { return sources_->Watch(is_good) ? CE_None : CE_Failure; }, CE_Failure);
}

// Who reads a window of one band of a stack after the other is likely to want it of the next ones.
ManyDataset::Bands ManyDataset::WithFollowing(const Region& region, const Bands& bands) {
  if (!plan_->is_stack || bands.size() != 1) return bands;
  const auto place = static_cast<std::size_t>(bands.front() - plan_->bands.data());
  const bool goes_on =
      last_region_ && last_region_->Tie() == region.Tie() && place == last_band_ + 1;
  last_region_ = region;
  last_band_ = place;
  Bands all = bands;
  for (std::size_t i = place + 1; goes_on && i < std::min(place + kBandsAhead, plan_->bands.size());
       ++i)
    all.push_back(&plan_->bands[i]);
  return all;
}

CPLErr ManyDataset::Read(const Region& region, const Bands& bands,
                         const std::function<CPLErr()>& call) {
  // What reads for a read that goes on already.
  if (is_reading_) return call();
  is_reading_ = true;
  const CPLErr outcome = Watch([&] {
    sources_->Expect(ReadsOf(region, WithFollowing(region, bands)));
    return call();
  });
  sources_->Expect({});
  is_reading_ = false;
  return outcome;
}

// GDAL reads one band of all sources after the other. Here a source gives all its bands before the
// next one is asked, or it would be opened and decoded again for each of them where the sources are
// more than may be open.
CPLErr ManyDataset::LaySources(const std::vector<SourcedBand::Window>& windows,
                               const Region& region, const Bands& bands,
                               GDALRasterIOExtraArg& extra) {
  std::vector<ManyBand*> to;
  for (const PlannedBand* band : bands)
    to.push_back(static_cast<ManyBand*>(papoBands[band - plan_->bands.data()]));
  for (std::size_t i = 0; i < to.size(); ++i) to[i]->LayGround(windows[i]);
  const std::vector<SourceRead> reads = ReadsOf(region, bands);
  for (std::size_t done = 0; done < reads.size(); ++done) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (to[i]->LaySource(reads[done].source, windows[i]) != CE_None) return CE_Failure;
    }
    const double share = static_cast<double>(done + 1) / static_cast<double>(reads.size());
    if (extra.pfnProgress && !extra.pfnProgress(share, "", extra.pProgressData)) {
      CPLError(CE_Failure, CPLE_UserInterrupt, "the reading was stopped");
      return CE_Failure;
    }
  }
  return CE_None;
}

CPLErr ManyDataset::RefuseChange(const char* what) const {
  Report(Error{ErrorKind::kInvalidInput,
               std::string(what) + " '" + UserText(GetDescription()) +
                   "': results are read-only, so copy it to a local file first",
               0});
  return CE_Failure;
}

CPLErr ManyDataset::CreateMaskBand(int) {
  return Guarded([&] { return RefuseChange("a mask cannot be made for"); }, CE_Failure);
}

CPLErr ManyDataset::IBuildOverviews(const char*, int, const int*, int, const int*, GDALProgressFunc,
                                    void*, CSLConstList) {
  return Guarded([&] { return RefuseChange("overviews cannot be built of"); }, CE_Failure);
}

CPLErr ManyDataset::IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                              int buffer_width, int buffer_height, GDALDataType type,
                              int band_count, BandMap bands, GSpacing pixel_space,
                              GSpacing line_space, GSpacing band_space,
                              GDALRasterIOExtraArg* extra) {
  Bands planned;
  for (int i = 0; i < band_count; ++i)
    planned.push_back(&plan_->bands[static_cast<std::size_t>(bands[i]) - 1]);
  const Region region{x, y, width, height, buffer_width, buffer_height};
  // Resampling is GDAL's affair. rasterio gives a window of whole pixels as fractions, too.
  const bool is_whole =
      !extra->bFloatingPointWindowValidity || (extra->dfXOff == x && extra->dfYOff == y &&
                                               extra->dfXSize == width && extra->dfYSize == height);
  const bool is_plain = width == buffer_width && height == buffer_height && is_whole;
  if (mode != GF_Read || !is_plain || band_count == 1 || plan_->is_stack) {
    return Read(region, planned, [&] {
      return VRTDataset::IRasterIO(mode, x, y, width, height, data, buffer_width, buffer_height,
                                   type, band_count, bands, pixel_space, line_space, band_space,
                                   extra);
    });
  }
  GDALRasterIOExtraArg of_sources = *extra;
  of_sources.pfnProgress = nullptr;
  of_sources.pProgressData = nullptr;
  std::vector<SourcedBand::Window> windows;
  windows.reserve(static_cast<std::size_t>(band_count));
  for (int i = 0; i < band_count; ++i)
    windows.push_back({x, y, width, height, static_cast<GByte*>(data) + i * band_space, type,
                       pixel_space, line_space, &of_sources});
  return Read(region, planned, [&] { return LaySources(windows, region, planned, *extra); });
}

}  // namespace s2c
