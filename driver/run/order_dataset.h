// SPDX-License-Identifier: MIT
#pragma once

#include "vsi/gdal_compat.h"

namespace s2c {

/// The driver's Create(): a dataset that takes one layer, the area of interest, and runs an
/// inference on it when it is closed. Null after an error that was reported.
GDALDataset* CreateOrder(const char* name, int width, int height, int bands, GDALDataType type,
                         OptionList options);

}  // namespace s2c
