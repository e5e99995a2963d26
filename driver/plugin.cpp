// SPDX-License-Identifier: MIT
#include <gdal.h>

#include "driver/exported.h"
#include "driver/s2c_driver.h"

// The one symbol of the plugin: GDAL looks it up by the file's name, gdal_S2C.
S2C_EXPORTED void GDALRegister_S2C() {
  // Built for another minor version, the classes have another layout.
  if (!GDAL_CHECK_VERSION("S2C")) return;
  s2c::RegisterS2C();
}
