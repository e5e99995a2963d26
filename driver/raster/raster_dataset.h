// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "vsi/gdal_compat.h"
#include "vsi/paths.h"
#include "vsi/settings.h"

namespace s2c {

/// Opens the output at `index` of the mounted inference as a raster: the pixels are the GTiff
/// driver's, through the mount's path, the metadata also the API's. The caller owns the dataset;
/// null after an error that was reported.
GDALDataset* OpenRaster(std::unique_ptr<Mount> mount, std::size_t index, CSLConstList open_options);

/// The same with options that were read before.
GDALDataset* OpenRaster(std::unique_ptr<Mount> mount, std::size_t index,
                        const RasterSettings& settings);

/// A dataset without bands that lists the outputs at `rasters` as its SUBDATASETS.
GDALDataset* OpenSubdatasetList(std::unique_ptr<Mount> mount,
                                const std::vector<std::size_t>& rasters);

}  // namespace s2c
