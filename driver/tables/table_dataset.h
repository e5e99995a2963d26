// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "vsi/gdal_compat.h"
#include "vsi/paths.h"

namespace s2c {

/// These open vector datasets of the mounted inference. The caller owns them; null after an error
/// that was reported.

/// A layer for each of its CSV outputs and one with its area of interest. No file is opened yet.
GDALDataset* OpenTables(std::unique_ptr<Mount> mount);

/// The output at `index`, a CSV file, as the only layer.
GDALDataset* OpenTable(std::unique_ptr<Mount> mount, std::size_t index);

/// The area of interest as the only layer, which an inference has in whatever state it is.
GDALDataset* OpenArea(std::unique_ptr<Mount> mount);

}  // namespace s2c
