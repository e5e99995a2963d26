// SPDX-License-Identifier: MIT
#pragma once

/// What differs between GDAL 3.6 and 3.13 of virtual rasters, as gdal_compat.h has it of the rest.

#include <vrtdataset.h>

#include <memory>
#include <utility>

#include "vsi/gdal_compat.h"

namespace s2c {

/// As SetMaskBand() of a band: who reads it sees where the band is valid.
inline void SetMaskOf(VRTRasterBand& band, std::unique_ptr<VRTRasterBand> mask) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  band.SetMaskBand(std::move(mask));
#else
  band.SetMaskBand(mask.release());
#endif
}

/// A virtual raster that is made here and saved by nobody but a program that copies it: GDAL's VRT
/// driver writes it out as a VRT file where it is asked to (until 3.6 because GetDriver() is VRT,
/// and then it must be).
class VirtualDataset : public VRTDataset {
 public:
  VirtualDataset(int width, int height) : VRTDataset(width, height) {
    eAccess = GA_ReadOnly;
    // Or closing it would write a file of its name.
    SetWritable(false);
  }

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 10, 0)
  bool CanBeCloned(int scope, bool) const final { return (scope & ~GDAL_OF_RASTER) == 0; }
  std::unique_ptr<GDALDataset> Clone(int, bool) const final { return OwnClone(); }
#endif

  void SetMask(std::unique_ptr<VRTRasterBand> mask) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
    SetMaskBand(std::move(mask));
#else
    SetMaskBand(mask.release());
#endif
  }

 protected:
  /// The same dataset for another thread; null after an error that was reported.
  virtual std::unique_ptr<GDALDataset> OwnClone() const = 0;
};

/// A proxy of a dataset that is not always open, and is not opened to be flushed.
class ClosedProxyDataset : public GDALProxyDataset {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 7, 0)
  CPLErr FlushCache(bool) final { return CE_None; }
#else
  void FlushCache(bool) final {}
#endif
};

}  // namespace s2c
