// SPDX-License-Identifier: MIT
#include "driver/many/warped_source.h"

#include <cpl_string.h>
#include <gdal_alg.h>
#include <gdal_utils.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <string>

#include "driver/kept_messages.h"

namespace s2c {
namespace {

std::string WktOf(const OGRSpatialReference& reference) {
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2", nullptr};
  reference.exportToWkt(&wkt, options);
  std::string text = wkt ? wkt : "";
  CPLFree(wkt);
  return text;
}

std::string Number(double value) { return CPLSPrintf("%.17g", value); }

bool SuggestedExtent(GDALDataset& source, const Grid& grid, double* extent) {
  CPLStringList options;
  options.SetNameValue("DST_SRS", WktOf(*grid.reference).c_str());
  void* const transformer =
      GDALCreateGenImgProjTransformer2(GDALDataset::ToHandle(&source), nullptr, options.List());
  if (!transformer) return false;
  double transform[6] = {};
  int width = 0;
  int height = 0;
  const CPLErr outcome =
      GDALSuggestedWarpOutput2(GDALDataset::ToHandle(&source), GDALGenImgProjTransform, transformer,
                               transform, &width, &height, extent, 0);
  GDALDestroyGenImgProjTransformer(transformer);
  return outcome == CE_None;
}

}  // namespace

Result<SourceFacts> FactsOnGrid(GDALDataset& source, const SourceFacts& facts, const Grid& grid) {
  double extent[4] = {};
  bool is_known = false;
  if (facts.reference && grid.reference)
    KeepMessages([&] { is_known = SuggestedExtent(source, grid, extent); });
  const double wide = grid.transform[1];
  const double high = -grid.transform[5];
  // A hair's breadth makes no further pixel.
  const double left = std::floor((extent[0] - grid.transform[0]) / wide + 1e-6);
  const double right = std::ceil((extent[2] - grid.transform[0]) / wide - 1e-6);
  const double top = std::floor((grid.transform[3] - extent[3]) / high + 1e-6);
  const double bottom = std::ceil((grid.transform[3] - extent[1]) / high - 1e-6);
  if (!is_known || !(right - left >= 1 && right - left <= INT_MAX) ||
      !(bottom - top >= 1 && bottom - top <= INT_MAX))
    return Fail(ErrorKind::kInvalidInput,
                std::string(source.GetDescription()) +
                    " cannot be warped to the reference system of the others; leave it out, or "
                    "warp it with gdalwarp");
  SourceFacts warped = facts;
  warped.width = static_cast<int>(right - left);
  warped.height = static_cast<int>(bottom - top);
  warped.transform = {grid.transform[0] + left * wide, wide, 0,
                      grid.transform[3] - top * high,  0,    -high};
  warped.reference = grid.reference;
  const bool has_no_data = std::all_of(warped.bands.begin(), warped.bands.end(),
                                       [](const SourceBandFacts& band) { return band.no_data; });
  for (SourceBandFacts& band : warped.bands) {
    if (!has_no_data) band.no_data.reset();
    band.mask_flags = has_no_data ? GMF_NODATA : GMF_ALPHA | GMF_PER_DATASET;
  }
  return warped;
}

std::unique_ptr<GDALDataset> Warped(GDALDataset& source, const SourceFacts& on_grid) {
  const Extent extent = on_grid.extent();
  CPLStringList arguments;
  const auto add = [&](const std::vector<std::string>& words) {
    for (const std::string& word : words) arguments.AddString(word.c_str());
  };
  add({"-of", "VRT", "-r", "near", "-t_srs", WktOf(*on_grid.reference), "-ts",
       std::to_string(on_grid.width), std::to_string(on_grid.height), "-te", Number(extent.min_x),
       Number(extent.min_y), Number(extent.max_x), Number(extent.max_y)});
  if (!on_grid.bands.front().no_data) add({"-dstalpha"});
  GDALWarpAppOptions* const options = GDALWarpAppOptionsNew(arguments.List(), nullptr);
  GDALDatasetH handle = GDALDataset::ToHandle(&source);
  int has_failed = FALSE;
  std::unique_ptr<GDALDataset> warped(
      GDALDataset::FromHandle(GDALWarp("", nullptr, 1, &handle, options, &has_failed)));
  GDALWarpAppOptionsFree(options);
  if (!warped) return nullptr;
  CSLConstList xml = warped->GetMetadata("xml:VRT");
  if (xml && *xml) warped->SetDescription(std::string(*xml).c_str());
  return warped;
}

}  // namespace s2c
