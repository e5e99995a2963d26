// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "driver/many/many_plan.h"

namespace s2c {

/// The bands of a plan whose sources have their places: those of each source over each other, or
/// one after the other.
void PlanMosaicBands(ManyPlan& plan);
void PlanStackBands(ManyPlan& plan);

/// What a program is told of the whole; `skipped` are the names of sources that were left out.
CPLStringList MetadataOf(const ManyPlan& plan, const std::vector<std::string>& skipped);

}  // namespace s2c
