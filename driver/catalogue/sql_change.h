// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>

#include <string>
#include <vector>

#include "driver/catalogue/writable_layer.h"

namespace s2c {

/// Has GDAL's SQLite dialect run a statement that changes rows of `layers`, which are the
/// dataset's. Null after an error that was reported, with its cause as the only one, and after a
/// statement that has created nothing; else the new ids, with what to open, as a result that the
/// caller releases.
OGRLayer* ChangeRows(GDALDataset& dataset, const std::vector<WritableLayer*>& layers,
                     const std::string& statement, OGRGeometry* place);

}  // namespace s2c
