// SPDX-License-Identifier: MIT
#pragma once

/// What differs between GDAL 3.6 and 3.13 of virtual rasters, as gdal_compat.h has it of the rest.

#include <vrtdataset.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "vsi/gdal_compat.h"

namespace s2c {

/// A copy that several threads may copy and ask.
inline void AssignForThreads(OGRSpatialReference& to, const OGRSpatialReference& from) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 10, 0)
  to.AssignAndSetThreadSafe(from);
#else
  to = from;
#endif
}

/// As SetMaskBand() of a dataset or a band: who reads it sees where that is valid. Which version
/// takes the mask as a unique_ptr is known of 3.12 and not of 3.11.
template <class Masked>
void SetMaskOf(Masked& masked, std::unique_ptr<VRTRasterBand> mask) {
  if constexpr (std::is_invocable_v<decltype(&Masked::SetMaskBand), Masked&,
                                    std::unique_ptr<VRTRasterBand>>) {
    masked.SetMaskBand(std::move(mask));
  } else {
    masked.SetMaskBand(mask.release());
  }
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

 protected:
  /// The same dataset for another thread; null after an error that was reported.
  virtual std::unique_ptr<GDALDataset> OwnClone() const = 0;
};

// Names that only some of the versions have: sources were an array at first, and got memory of the
// reader's to work in later.
template <class Band, class = void>
inline constexpr bool kHasArrayOfSources = false;
template <class Band>
inline constexpr bool kHasArrayOfSources<Band, std::void_t<decltype(Band::papoSources)>> = true;
template <class Source, class = void>
inline constexpr bool kHasWorkingState = false;
template <class Source>
inline constexpr bool kHasWorkingState<Source, std::void_t<typename Source::WorkingState>> = true;

/// A band whose sources can be laid into a buffer one by one.
class SourcedBand : public VRTSourcedRasterBand {
 public:
  /// A window, and a buffer of as many pixels.
  struct Window {
    int x, y, width, height;
    void* data;
    GDALDataType type;
    GSpacing pixel_space, line_space;
    GDALRasterIOExtraArg* extra;
  };

  using VRTSourcedRasterBand::VRTSourcedRasterBand;

  /// Over what is there, the source that was added as the `place`th, from 0.
  CPLErr LaySource(std::size_t place, const Window& to) {
    return Lay(SourceAt(*this, place), to, eDataType);
  }

 private:
  template <class Band>
  static VRTSource& SourceAt(Band& band, std::size_t place) {
    if constexpr (kHasArrayOfSources<Band>) {
      return *band.papoSources[place];
    } else {
      return *band.m_papoSources[place];
    }
  }

  template <class Source>
  static CPLErr Lay(Source& source, const Window& to, GDALDataType band_type) {
    if constexpr (kHasWorkingState<Source>) {
      typename Source::WorkingState state;
      return source.RasterIO(band_type, to.x, to.y, to.width, to.height, to.data, to.width,
                             to.height, to.type, to.pixel_space, to.line_space, to.extra, state);
    } else {
      return source.RasterIO(band_type, to.x, to.y, to.width, to.height, to.data, to.width,
                             to.height, to.type, to.pixel_space, to.line_space, to.extra);
    }
  }
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
