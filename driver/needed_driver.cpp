// SPDX-License-Identifier: MIT
#include "driver/needed_driver.h"

#include "vsi/report.h"

namespace s2c {

GDALDriver* NeededDriver(const std::string& name, const std::string& what) {
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName(name.c_str());
  if (!driver)
    Report(Error{ErrorKind::kInvalidInput,
                 what + " needs GDAL's driver " + name + ", which is not there: take " + name +
                     " out of GDAL_SKIP or OGR_SKIP, or use a GDAL that was built with it",
                 0});
  return driver;
}

}  // namespace s2c
