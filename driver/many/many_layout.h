// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "driver/many/many_plan.h"
#include "driver/many/open_sources.h"
#include "driver/names.h"

namespace s2c {

struct ManyLayout {
  ManyPlanPtr plan;
  std::shared_ptr<OpenSources> sources;  ///< the plan's, of which some are open already
};

/// Looks at all sources, which are in order, and lays them out on one grid. An error names the
/// source that cannot be opened, or the two that do not go together.
Result<ManyLayout> LayOut(Selection::Kind kind, const std::vector<SourcePtr>& sources,
                          const ManySettings& settings, std::uint64_t most_ahead);

}  // namespace s2c
