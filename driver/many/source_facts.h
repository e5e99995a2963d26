// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace s2c {

/// Those of many sources that are the same are one object: each takes much memory.
using ReferencePtr = std::shared_ptr<const OGRSpatialReference>;

/// The reference systems of some sources, each once.
class References {
 public:
  /// That of the dataset, null where it has none. `keys` are its file's (GeoKeysOf).
  ReferencePtr Of(GDALDataset& dataset, const std::optional<std::string>& keys);

 private:
  ReferencePtr Known(const OGRSpatialReference* reference);

  std::vector<ReferencePtr> known_;
  std::map<std::string, ReferencePtr> by_keys_;
};

struct Extent {
  double min_x = 0, min_y = 0, max_x = 0, max_y = 0;
};

/// The pixels and blocks of a band, or of its mask.
struct Shape {
  int width = 0, height = 0;
  int block_width = 0, block_height = 0;

  static Shape Of(GDALRasterBand& band);
};

/// A band or one of its overviews, with its mask.
struct Level {
  Shape shape, mask;

  /// May read.
  static Level Of(GDALRasterBand& band);
};

/// What is known of a band without opening its file.
struct SourceBandFacts {
  GDALDataType type = GDT_Unknown;
  Level level;
  std::optional<double> no_data;
  int mask_flags = GMF_ALL_VALID;
  GDALColorInterp colour = GCI_Undefined;
  std::vector<Level> overviews;
  std::optional<double> minimum, maximum;
  std::optional<double> scale, offset;
  std::string unit;

  /// Whether some pixels may be invalid that no value tells.
  bool HasMask() const;
};

/// What is known of a source without opening it.
struct SourceFacts {
  int width = 0, height = 0;
  std::array<double, 6> transform{};
  bool is_placed = false;  ///< it has a transform, and north is up
  ReferencePtr reference;  ///< null where it has none
  std::vector<SourceBandFacts> bands;

  /// All but the reference system. May read. `ask_units`: also of bands without scale and offset;
  /// GTiff makes the reference system for an answer, which may have one.
  static SourceFacts Of(GDALDataset& dataset, bool ask_units);
  bool HasUnits() const;

  Extent extent() const;
};

/// What the sources of one raster must have alike: how two differ, such as "has 3 bands and … has
/// 1"; nothing where they do not. `first` and `second` are their names. `share_bands`: a band is
/// made of bands of both, so that what its values mean must be the same.
std::optional<std::string> DifferenceOf(const SourceFacts& a, const std::string& first,
                                        const SourceFacts& b, const std::string& second,
                                        bool share_bands);

}  // namespace s2c
