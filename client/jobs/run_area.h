// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace s2c {

/// What a run looks at. Whoever knows geometry makes it: this side knows GeoJSON as a text alone.
struct RunArea {
  std::string features;      ///< a JSON array of GeoJSON features in EPSG:4326, longitude first
  double square_metres = 0;  ///< of its polygons
  std::size_t feature_count = 0;
  /// Whether it has a place in common with a footprint (GeoJSON); nothing where that cannot be
  /// told.
  std::function<std::optional<bool>(const std::string& footprint)> meets;
};

}  // namespace s2c
