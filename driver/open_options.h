// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>

namespace s2c {

/// Makes the caller's open options, without those that hold secrets, the dataset's. GDAL would put
/// all of them there, and whoever saves a name with its options (a VRT, for one) would save a
/// password (issue 9).
void KeepOpenOptions(GDALDataset& dataset, const GDALOpenInfo& info);

}  // namespace s2c
