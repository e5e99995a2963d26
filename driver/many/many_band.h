// SPDX-License-Identifier: MIT
#pragma once

#include "driver/many/many_dataset.h"

namespace s2c {

/// A band of a mosaic or a stack, or the mask of one or all of them.
class ManyBand final : public SourcedBand {
 public:
  /// `planned` is of the dataset's plan. A mask has the number 0.
  ManyBand(ManyDataset& many, int number, const PlannedBand& planned);

  // Each source's own are used: those of a source that is not open would have to be looked for.
  int GetOverviewCount() override { return 0; }
  GDALRasterBand* GetOverview(int) override { return nullptr; }

  double GetMinimum(int* success) override;
  double GetMaximum(int* success) override;
  GDALColorTable* GetColorTable() override;
  char** GetCategoryNames() override;
  GDALRasterAttributeTable* GetDefaultRAT() override;

  CPLErr GetHistogram(double min, double max, int buckets, GUIntBig* histogram,
                      int include_out_of_range, int approx_ok, GDALProgressFunc progress,
                      void* progress_data) override;
  CPLErr ComputeStatistics(int approx_ok, double* min, double* max, double* mean, double* std_dev,
                           GDALProgressFunc progress, void* progress_data) override;
  CPLErr ComputeRasterMinMax(int approx_ok, double* min_max) override;

  /// What is seen where no source is, as GDAL's VRT driver has it.
  void LayGround(const Window& to) const;

  /// Takes the classes of the first source, once: the service is asked for them.
  void LoadClasses();

 protected:
  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, GSpacing pixel_space,
                   GSpacing line_space, GDALRasterIOExtraArg* extra) override;

 private:
  ManyDataset& many_;
  const PlannedBand& planned_;
  bool has_classes_ = false;
};

}  // namespace s2c
