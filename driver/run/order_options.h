// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <string>

#include "client/jobs/run_order.h"

namespace s2c {

/// What a user says of a run besides its area: `ogr2ogr -f S2C S2C: AOI -lco NAME=VALUE`.
struct OrderOptions {
  RunOrder order;
  bool wait = false;
  std::string name_field;  ///< the attribute that names a feature; empty: `name`, if there is one
};

/// kInvalidInput, naming the option, for what can be seen to be wrong without asking the service.
Result<OrderOptions> ReadOrderOptions(CSLConstList options);

/// GDAL's XML of these options (GDAL_DS_LAYER_CREATIONOPTIONLIST).
std::string OrderOptionsXml();

}  // namespace s2c
