// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>

#include <string>

#include "driver/names.h"

namespace s2c {

/// S2C:mosaic(SELECTION):NAME and S2C:stack(SELECTION):NAME. The caller owns the dataset; null
/// after an error that was reported.
GDALDataset* OpenMany(const Selection& selection, const std::string& name,
                      const GDALOpenInfo& info);

}  // namespace s2c
