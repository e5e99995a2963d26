// SPDX-License-Identifier: MIT
#include "driver/raster/grid_files.h"

#include <cpl_conv.h>

#include <string>

namespace s2c {
namespace {

// The parameters of PROJ that take files; nadgrids, geoidgrids and others end alike.
constexpr const char* kFileParameters[] = {"grids=", "file=", "init=", "model="};
// What GDAL itself writes for Web Mercator, and means no file.
constexpr std::string_view kNoGrid = "@null";

}  // namespace

bool NamesGridFile(const OGRSpatialReference& reference) {
  char* exported = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", "MULTILINE=NO", nullptr};
  const OGRErr error = reference.exportToWkt(&exported, options);
  const std::string wkt(exported ? exported : "");
  CPLFree(exported);
  if (error != OGRERR_NONE || wkt.find("PARAMETERFILE[") != std::string::npos) return true;
  for (const std::string parameter : kFileParameters) {
    for (std::size_t at = wkt.find(parameter); at != std::string::npos;
         at = wkt.find(parameter, at + 1)) {
      const std::size_t value = at + parameter.size();
      const std::size_t end = wkt.find_first_of(" \"", value);
      if (wkt.compare(value, end - value, kNoGrid) != 0) return true;
    }
  }
  return false;
}

}  // namespace s2c
