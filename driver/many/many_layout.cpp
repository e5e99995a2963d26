// SPDX-License-Identifier: MIT
#include "driver/many/many_layout.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "client/base/log.h"
#include "driver/many/planned_bands.h"
#include "driver/many/probed_sources.h"
#include "driver/many/warped_source.h"

namespace s2c {
namespace {

std::string NameOf(const ReferencePtr& reference) {
  if (!reference) return "no reference system";
  const char* const authority = reference->GetAuthorityName(nullptr);
  const char* const code = reference->GetAuthorityCode(nullptr);
  if (authority && code) return std::string(authority) + ":" + code;
  const char* const name = reference->GetName();
  return std::string("the reference system ") + (name ? name : "of another name");
}

// What all of them have to have alike.
Status CheckAlike(const ProbedSources& probed, bool share_bands) {
  for (std::size_t i = 1; i < probed.facts.size(); ++i) {
    const auto difference =
        DifferenceOf(probed.facts.front(), probed.sources->at(0).name(), probed.facts[i],
                     probed.sources->at(i).name(), share_bands);
    if (difference)
      return Fail(ErrorKind::kInvalidInput,
                  "these cannot be one raster: " + *difference + "; select those that are alike");
  }
  return {};
}

tl::unexpected<Error> RefuseReference(const ProbedSources& probed, std::size_t other,
                                      const ReferencePtr& common) {
  const auto one =
      std::find_if(probed.facts.begin(), probed.facts.end(),
                   [&](const SourceFacts& facts) { return facts.reference == common; });
  const auto place = static_cast<std::size_t>(one - probed.facts.begin());
  return Fail(ErrorKind::kInvalidInput,
              probed.sources->at(place).name() + " has " + NameOf(common) + " and " +
                  probed.sources->at(other).name() + " has " +
                  NameOf(probed.facts[other].reference) + "; STRICT=NO warps what differs");
}

class Planner {
 public:
  Planner(const ProbedSources& probed, const ManySettings& settings)
      : probed_(probed), settings_(settings) {}

  /// Sources and grid.
  Status Place(ManyPlan& plan) {
    const ReferencePtr common = CommonReference(probed_.facts);
    for (std::size_t i = 0; i < probed_.facts.size(); ++i) {
      const SourceFacts& facts = probed_.facts[i];
      plan.sources.push_back({probed_.sources->all()[i], facts, facts, {}, false});
      plan.sources.back().is_warped = facts.reference != common;
      if (plan.sources.back().is_warped && settings_.strict)
        return RefuseReference(probed_, i, common);
    }
    // The pixels of those that are warped are whole pixels of the grid of those that are not.
    auto grid = GridOf(plan, [](const PlannedSource& source) { return !source.is_warped; });
    if (!grid) return Pass(grid);
    for (std::size_t i = 0; i < plan.sources.size(); ++i) {
      if (!plan.sources[i].is_warped) continue;
      const Status warped = Warp(plan.sources[i], i, *grid);
      if (!warped) return warped;
    }
    grid = GridOf(plan, [](const PlannedSource&) { return true; });
    if (!grid) return Pass(grid);
    plan.grid = *grid;
    for (PlannedSource& source : plan.sources) source.place = PlaceOn(plan.grid, source.on_grid);
    return {};
  }

 private:
  using Choice = std::function<bool(const PlannedSource&)>;

  static Result<Grid> GridOf(const ManyPlan& plan, const Choice& is_meant) {
    std::vector<const SourceFacts*> facts;
    for (const PlannedSource& source : plan.sources) {
      if (is_meant(source)) facts.push_back(&source.on_grid);
    }
    return UnionOf(facts);
  }

  Status Warp(PlannedSource& source, std::size_t index, const Grid& grid) {
    LogDebug(source.source->name() + " has " + NameOf(source.facts.reference) +
             " and is warped to " + NameOf(grid.reference));
    GDALDataset* const dataset = probed_.sources->Take(index);
    if (!dataset) return Fail(ErrorKind::kServer, source.source->name() + " cannot be opened");
    auto on_grid = FactsOnGrid(*dataset, source.facts, grid);
    probed_.sources->GiveBack(index);
    if (!on_grid) return Pass(on_grid);
    source.on_grid = std::move(*on_grid);
    return {};
  }

  const ProbedSources& probed_;
  const ManySettings& settings_;
};

}  // namespace

Result<ManyLayout> LayOut(Selection::Kind kind, const std::vector<SourcePtr>& sources,
                          const ManySettings& settings, std::uint64_t most_ahead) {
  auto probed = Probe(sources, settings.skip_failed, most_ahead);
  if (!probed) return Pass(probed);
  const Status alike = CheckAlike(*probed, kind == Selection::Kind::kMosaic);
  if (!alike) return Pass(alike);
  auto plan = std::make_shared<ManyPlan>();
  plan->is_stack = kind == Selection::Kind::kStack;
  plan->most_ahead = most_ahead;
  const Status placed = Planner(*probed, settings).Place(*plan);
  if (!placed) return Pass(placed);
  if (plan->is_stack) {
    PlanStackBands(*plan);
  } else {
    PlanMosaicBands(*plan);
  }
  plan->metadata = MetadataOf(*plan, probed->skipped);
  return ManyLayout{std::move(plan), std::move(probed->sources)};
}

}  // namespace s2c
