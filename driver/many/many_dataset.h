// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "driver/many/many_plan.h"
#include "driver/many/open_sources.h"
#include "vsi/gdal_compat_vrt.h"

namespace s2c {

/// A mosaic or a stack: GDAL's virtual raster over its sources, which are S2C:ID:NAME each. What a
/// read of a region needs of all its sources is asked for before it waits for any, and a source
/// that cannot be read is an error.
class ManyDataset final : public VirtualDataset {
 public:
  /// Null after an error that was reported. `sources` are the plan's.
  static std::unique_ptr<ManyDataset> Make(ManyPlanPtr plan, std::shared_ptr<OpenSources> sources);

  char** GetFileList() override;
  CPLXMLNode* SerializeToXML(const char* vrt_path) override;
  CPLErr CreateMaskBand(int) override;

 protected:
  CPLErr IBuildOverviews(const char*, int, const int*, int, const int*, GDALProgressFunc, void*,
                         CSLConstList) override;
  std::unique_ptr<GDALDataset> OwnClone() const override;
  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, int band_count,
                   BandMap bands, GSpacing pixel_space, GSpacing line_space, GSpacing band_space,
                   GDALRasterIOExtraArg* extra) override;

 private:
  friend class ManyBand;

  struct Region {
    int x, y, width, height, buffer_width, buffer_height;
    bool is_of_masks = false;

    auto Tie() const {
      return std::tie(x, y, width, height, buffer_width, buffer_height, is_of_masks);
    }
  };

  ManyDataset(ManyPlanPtr plan, std::shared_ptr<OpenSources> sources);

  bool AddSources();
  void AddSource(const PlannedSource& source, std::size_t index, GDALDataset& dataset);
  using Bands = std::vector<const PlannedBand*>;
  CPLErr Read(const Region& region, const Bands& bands, const std::function<CPLErr()>& call);
  CPLErr Watch(const std::function<CPLErr()>& call);
  CPLErr LaySources(const std::vector<SourcedBand::Window>& windows, const Region& region,
                    const Bands& bands, GDALRasterIOExtraArg& extra);
  CPLErr RefuseChange(const char* what) const;
  std::vector<SourceRead> ReadsOf(const Region& region, const Bands& bands) const;

  Bands WithFollowing(const Region& region, const Bands& bands);

  const ManyPlanPtr plan_;
  const std::shared_ptr<OpenSources> sources_;
  VRTSourcedRasterBand* mask_ = nullptr;
  bool is_reading_ = false;
  std::optional<Region> last_region_;  ///< of a read of one band
  std::size_t last_band_ = 0;          ///< its place
};

}  // namespace s2c
