// SPDX-License-Identifier: MIT
#include "driver/tables/inference_data.h"

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/needed_driver.h"
#include "vsi/report.h"

namespace s2c {

const AreaOfInterest* InferenceData::Area() {
  if (area_) return area_.get();
  const auto text = document_.AreaOfInterest();
  if (!text) {
    Report(text.error());
    return nullptr;
  }
  auto area = std::make_unique<AreaOfInterest>();
  const bool is_given = *text && !Trim(**text).empty();
  const std::string id = std::to_string(resolved().inference.id);
  if (is_given && !NeededDriver(AreaOfInterest::kDriver, "the area of interest of inference " + id))
    return nullptr;
  if (is_given && !area->Read(**text))
    LogWarning("the area of interest of inference " + id +
               " is not GeoJSON that GDAL can read in full; gdalinfo -mdd json:S2C S2C:" + id +
               ":NAME shows its text");
  area_ = std::move(area);
  return area_.get();
}

std::string InferenceData::NameOf(const Output& output) const {
  return "output '" + OneLine(output.name, 200) + "' of inference " +
         std::to_string(resolved().inference.id);
}

}  // namespace s2c
