// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/many/grid.h"
#include "driver/many/source.h"
#include "driver/many/source_facts.h"

namespace s2c {

/// A source in its place. One of another reference system is warped first, and these facts are then
/// those of what is warped.
struct PlannedSource {
  SourcePtr source;
  SourceFacts facts;    ///< of the file
  SourceFacts on_grid;  ///< the same, or as it is warped
  Placement place;
  bool is_warped = false;
};

struct PlannedBand {
  SourceBandFacts facts;
  std::string description;
  CPLStringList metadata;
  int source_band = 1;
  std::vector<std::size_t> sources;  ///< each lies over the one before it
};

/// What a mosaic or a stack is made of; never changed, and shared by the datasets of all threads.
struct ManyPlan {
  Grid grid;
  std::vector<PlannedSource> sources;
  std::vector<PlannedBand> bands;
  CPLStringList metadata;
  bool is_stack = false;
  std::uint64_t most_ahead = 0;  ///< bytes
};

using ManyPlanPtr = std::shared_ptr<const ManyPlan>;

}  // namespace s2c
