// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/many/open_sources.h"
#include "driver/many/source_facts.h"

namespace s2c {

/// What opening each source once has told.
struct ProbedSources {
  std::shared_ptr<OpenSources> sources;
  std::vector<SourceFacts> facts;    ///< one for each
  std::vector<std::string> skipped;  ///< the names of those that were left out
};

/// Opens them one after the other, while the first requests of the others are on their way. One
/// that cannot be opened is an error, or left out with a warning where `skip_failed`.
Result<ProbedSources> Probe(const std::vector<SourcePtr>& sources, bool skip_failed,
                            std::uint64_t most_ahead);

}  // namespace s2c
