// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "client/api/resources.h"
#include "driver/raster/categories.h"
#include "driver/raster/file_band.h"

namespace s2c {

/// What a categorical output's classes are called, asked for when somebody wants to know.
class OutputClasses {
 public:
  /// `file` must outlive this.
  explicit OutputClasses(const RasterFile& file) : file_(file) {}
  const ClassNames& names();
  /// Of all bands together.
  const std::optional<ValueRange>& range() const { return file_.output().value_range; }

 private:
  const RasterFile& file_;
  std::optional<ClassNames> names_;
};

/// What the API says of a band.
struct BandFacts {
  std::string name;                        ///< where the file has none itself
  std::optional<ValueRange> range;         ///< of its values
  bool is_range_of_file = true;            ///< false: of another file with the same result
  GDALColorInterp colour = GCI_Undefined;  ///< where the file has none itself
  OutputClasses* classes = nullptr;        ///< null: of no categories; must outlive the band
};

/// A band of the file with what the API says of it. What the file says of colours and categories
/// comes first.
class RasterBand final : public FileBand {
 public:
  /// `file` must outlive this.
  RasterBand(GDALDataset* dataset, RasterFile& file, int number, BandFacts facts);

  GDALColorInterp GetColorInterpretation() override;
  CPLErr SetColorInterpretation(GDALColorInterp colour) override;
  GDALColorTable* GetColorTable() override;
  char** GetCategoryNames() override;
  GDALRasterAttributeTable* GetDefaultRAT() override;

 private:
  std::optional<ValueRange> ClassRange();
  bool HasOwnColours();
  Categories* GetCategories();

  const BandFacts facts_;
  std::optional<GDALColorInterp> set_colour_;
  std::unique_ptr<Categories> categories_;
};

}  // namespace s2c
