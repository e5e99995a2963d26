// SPDX-License-Identifier: MIT
#pragma once

#include "vsi/gdal_compat.h"

namespace s2c {

/// `S2C:`, the layers inference, factbase and knowledgebase; opened for update, the rows of the
/// first and the last can be changed. Asks the service whether it is there, and for no row. The
/// caller owns the dataset; null after an error that was reported.
GDALDataset* OpenCatalogue(GDALOpenInfo* info);

}  // namespace s2c
