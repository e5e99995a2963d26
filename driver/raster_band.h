// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "client/api/resources.h"
#include "driver/file_band.h"

namespace s2c {

/// A band of the file with what the API says of it.
class RasterBand final : public FileBand {
 public:
  /// `file` must outlive this. `colour` holds where the file has no interpretation itself.
  RasterBand(GDALDataset* dataset, RasterFile& file, int number,
             const std::optional<ValueRange>& range, GDALColorInterp colour);

  double GetMinimum(int* success) override;
  double GetMaximum(int* success) override;
  GDALColorInterp GetColorInterpretation() override;

 private:
  const std::optional<ValueRange> range_;
  const GDALColorInterp colour_;
};

}  // namespace s2c
