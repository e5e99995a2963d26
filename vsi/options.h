// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace s2c {

/// One setting, named X here: open option X, path-specific, configuration or environment option
/// S2C_X. The driver's option list, the file system's and the table in docs/ come from
/// AllOptions().
struct OptionSpec {
  const char* name;
  const char* type;           ///< as in GDAL's option XML: string, int, float, boolean
  const char* default_value;  ///< null where there is none
  const char* gdal_option;    ///< GDAL's own option that serves where S2C_X is not set; or null
  const char* meaning;
  bool is_secret = false;  ///< never kept, shown or offered
};

const std::vector<OptionSpec>& AllOptions();

/// GDAL's XML for a list of options, under `root`, each name with `prefix`.
std::string OptionsXml(const char* root, const char* prefix);

}  // namespace s2c
