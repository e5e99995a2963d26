// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>

#include <memory>

#include "driver/many/grid.h"

namespace s2c {

/// What a source of another reference system is when it is warped to whole pixels of the grid. Its
/// pixels that come from nowhere have its no-data value, or else a mask. An error where it cannot
/// be.
Result<SourceFacts> FactsOnGrid(GDALDataset& source, const SourceFacts& facts, const Grid& grid);

/// The source warped to what FactsOnGrid() gave, a virtual raster that holds on to it; its name is
/// that raster's XML. Null after an error that was reported.
std::unique_ptr<GDALDataset> Warped(GDALDataset& source, const SourceFacts& on_grid);

}  // namespace s2c
