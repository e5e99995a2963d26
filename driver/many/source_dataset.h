// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "driver/many/open_sources.h"
#include "driver/many/source_facts.h"
#include "vsi/gdal_compat_vrt.h"

namespace s2c {

/// A source as GDAL's VRT driver reads it: it is opened when that is needed, and closed when others
/// are used instead. Its name is the plain S2C:ID:NAME. One thread at a time.
class SourceDataset final : public ClosedProxyDataset {
 public:
  SourceDataset(std::shared_ptr<OpenSources> sources, std::size_t source, const SourceFacts& facts);
  ~SourceDataset() override;

  const OGRSpatialReference* GetSpatialRef() const override;
  char** GetFileList() override;

 protected:
  GDALDataset* RefUnderlyingDataset() const override;
  void UnrefUnderlyingDataset(GDALDataset* dataset) const override;
  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, int band_count,
                   BandMap bands, GSpacing pixel_space, GSpacing line_space, GSpacing band_space,
                   GDALRasterIOExtraArg* extra) override;

 private:
  friend class SourceBand;

  const std::shared_ptr<OpenSources> sources_;
  const std::size_t source_;
  const SourceFacts facts_;
};

}  // namespace s2c
