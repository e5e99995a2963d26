// SPDX-License-Identifier: MIT
#include "driver/many/source_facts.h"

#include <gdal.h>

#include <algorithm>
#include <utility>

#include "vsi/gdal_compat_vrt.h"

namespace s2c {
namespace {

std::optional<double> Optional(int has_value, double value) {
  return has_value ? std::optional<double>(value) : std::nullopt;
}

SourceBandFacts FactsOf(GDALRasterBand& band, bool ask_unit) {
  SourceBandFacts facts;
  facts.type = band.GetRasterDataType();
  facts.level = Level::Of(band);
  int has_value = FALSE;
  const double no_data = band.GetNoDataValue(&has_value);
  facts.no_data = Optional(has_value, no_data);
  facts.mask_flags = band.GetMaskFlags();
  facts.colour = band.GetColorInterpretation();
  const int overviews = band.GetOverviewCount();
  for (int i = 0; i < overviews; ++i) {
    GDALRasterBand* const overview = band.GetOverview(i);
    if (!overview) break;
    facts.overviews.push_back(Level::Of(*overview));
  }
  const double minimum = band.GetMinimum(&has_value);
  facts.minimum = Optional(has_value, minimum);
  const double maximum = band.GetMaximum(&has_value);
  facts.maximum = Optional(has_value, maximum);
  const double scale = band.GetScale(&has_value);
  facts.scale = Optional(has_value, scale);
  const double offset = band.GetOffset(&has_value);
  facts.offset = Optional(has_value, offset);
  if (ask_unit || facts.scale || facts.offset) facts.unit = band.GetUnitType();
  return facts;
}

std::string MeaningOf(const SourceBandFacts& facts) {
  return CPLSPrintf("values that mean %.15g times them plus %.15g '%s'", facts.scale.value_or(1),
                    facts.offset.value_or(0), facts.unit.c_str());
}

}  // namespace

Shape Shape::Of(GDALRasterBand& band) {
  Shape shape{band.GetXSize(), band.GetYSize()};
  band.GetBlockSize(&shape.block_width, &shape.block_height);
  return shape;
}

Level Level::Of(GDALRasterBand& band) {
  GDALRasterBand* const mask = band.GetMaskBand();
  return {Shape::Of(band), Shape::Of(mask ? *mask : band)};
}

ReferencePtr References::Of(GDALDataset& dataset, const std::optional<std::string>& keys) {
  if (!keys) return Known(dataset.GetSpatialRef());
  const auto found = by_keys_.find(*keys);
  if (found != by_keys_.end()) return found->second;
  return by_keys_[*keys] = Known(dataset.GetSpatialRef());
}

ReferencePtr References::Known(const OGRSpatialReference* reference) {
  if (!reference || reference->IsEmpty()) return nullptr;
  const auto same = std::find_if(known_.begin(), known_.end(), [&](const ReferencePtr& one) {
    return one->IsSame(reference) != FALSE;
  });
  if (same != known_.end()) return *same;
  auto shared = std::make_shared<OGRSpatialReference>();
  AssignForThreads(*shared, *reference);
  known_.push_back(std::move(shared));
  return known_.back();
}

bool SourceBandFacts::HasMask() const {
  return colour != GCI_AlphaBand && (mask_flags & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
}

bool SourceFacts::HasUnits() const {
  return std::any_of(bands.begin(), bands.end(),
                     [](const SourceBandFacts& band) { return !band.unit.empty(); });
}

SourceFacts SourceFacts::Of(GDALDataset& dataset, bool ask_units) {
  SourceFacts facts;
  facts.width = dataset.GetRasterXSize();
  facts.height = dataset.GetRasterYSize();
  auto& at = facts.transform;
  facts.is_placed = GDALGetGeoTransform(GDALDataset::ToHandle(&dataset), at.data()) == CE_None &&
                    at[1] > 0 && at[2] == 0 && at[4] == 0 && at[5] < 0;
  for (int i = 1; i <= dataset.GetRasterCount(); ++i)
    facts.bands.push_back(FactsOf(*dataset.GetRasterBand(i), ask_units));
  return facts;
}

Extent SourceFacts::extent() const {
  return {transform[0], transform[3] + height * transform[5], transform[0] + width * transform[1],
          transform[3]};
}

std::optional<std::string> DifferenceOf(const SourceFacts& a, const std::string& first,
                                        const SourceFacts& b, const std::string& second,
                                        bool share_bands) {
  const auto differ = [&](const std::string& of_a, const std::string& of_b) {
    return first + " has " + of_a + " and " + second + " has " + of_b;
  };
  const auto bands = [](const SourceFacts& facts) {
    return std::to_string(facts.bands.size()) + (facts.bands.size() == 1 ? " band" : " bands");
  };
  if (a.bands.size() != b.bands.size()) return differ(bands(a), bands(b));
  for (std::size_t i = 0; i < a.bands.size(); ++i) {
    const SourceBandFacts& of_a = a.bands[i];
    const SourceBandFacts& of_b = b.bands[i];
    const std::string where = " in band " + std::to_string(i + 1);
    if (of_a.type != of_b.type)
      return differ("values of type " + std::string(GDALGetDataTypeName(of_a.type)),
                    "some of type " + std::string(GDALGetDataTypeName(of_b.type)) + where);
    if (of_a.colour != of_b.colour)
      return differ(
          "the colour " + std::string(GDALGetColorInterpretationName(of_a.colour)),
          "the colour " + std::string(GDALGetColorInterpretationName(of_b.colour)) + where);
    if (share_bands && MeaningOf(of_a) != MeaningOf(of_b))
      return differ(MeaningOf(of_a), MeaningOf(of_b) + where);
  }
  return std::nullopt;
}

}  // namespace s2c
