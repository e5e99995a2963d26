// SPDX-License-Identifier: MIT
#include "driver/many/planned_bands.h"

#include <algorithm>
#include <cstdint>

#include "client/base/iso_time.h"
#include "client/base/text.h"

namespace s2c {
namespace {

std::string DayOf(const Text& time) { return OneLine(time.value_or("?")).substr(0, 10); }

// The range that all values of both lie in, as far as both have one.
void Widen(SourceBandFacts& all, const SourceBandFacts& one) {
  if (one.minimum && all.minimum) {
    all.minimum = std::min(*all.minimum, *one.minimum);
  } else {
    all.minimum.reset();
  }
  if (one.maximum && all.maximum) {
    all.maximum = std::max(*all.maximum, *one.maximum);
  } else {
    all.maximum.reset();
  }
}

std::optional<std::int64_t> Moment(const Text& time) {
  const auto parsed = time ? ParseIsoTime(*time) : std::nullopt;
  return parsed ? std::optional<std::int64_t>(UnixMilliseconds(*parsed)) : std::nullopt;
}

void Set(CPLStringList& list, const char* name, const Text& value) {
  if (value) list.SetNameValue(name, value->c_str());
}

// The first or the last of some times, as the API writes it.
Text Outermost(const ManyPlan& plan, Text Inference::*time, bool is_last) {
  Text found;
  for (const PlannedSource& planned : plan.sources) {
    const Text& one = planned.source->inference().*time;
    if (!Moment(one)) continue;
    if (!found || (is_last ? *Moment(one) > *Moment(found) : *Moment(one) < *Moment(found)))
      found = one;
  }
  return found;
}

// When each band begins. Beside a list for everybody it is written as GDAL's netCDF driver writes a
// dimension, which rioxarray makes a coordinate of (issue 13).
void SetTimes(const ManyPlan& plan, CPLStringList& list) {
  std::vector<std::string> times;
  std::vector<std::string> seconds;
  for (const PlannedBand& band : plan.bands) {
    const auto start =
        Moment(plan.sources[band.sources.front()].source->inference().temp_range_start);
    if (!start) return;
    const auto second = static_cast<double>(*start) / 1000;
    times.push_back(IsoTimeText(second));
    seconds.push_back(std::to_string(static_cast<std::int64_t>(second)));
  }
  list.SetNameValue("TIMES", Joined(times).c_str());
  const bool has_one_band_each = plan.bands.size() == plan.sources.size();
  if (!has_one_band_each) return;
  list.SetNameValue("NETCDF_DIM_EXTRA", "{time}");
  // Its type is NC_DOUBLE.
  list.SetNameValue("NETCDF_DIM_time_DEF", ("{" + std::to_string(times.size()) + ",6}").c_str());
  list.SetNameValue("NETCDF_DIM_time_VALUES", ("{" + Joined(seconds) + "}").c_str());
  list.SetNameValue("time#units", "seconds since 1970-01-01 00:00:00");
  list.SetNameValue("time#calendar", "proleptic_gregorian");
}

}  // namespace

void PlanMosaicBands(ManyPlan& plan) {
  const PlannedSource& newest = plan.sources.back();
  const std::size_t count = newest.facts.bands.size();
  for (std::size_t i = 0; i < count; ++i) {
    PlannedBand band;
    band.facts = newest.facts.bands[i];
    band.facts.no_data.reset();
    band.source_band = static_cast<int>(i) + 1;
    band.description =
        newest.source->output().name + (count > 1 ? "_" + std::to_string(i + 1) : "");
    for (std::size_t j = 0; j < plan.sources.size(); ++j) {
      Widen(band.facts, plan.sources[j].facts.bands[i]);
      // Where nothing is, there is what the first one says, as in gdalbuildvrt.
      if (!band.facts.no_data) band.facts.no_data = plan.sources[j].on_grid.bands[i].no_data;
      band.sources.push_back(j);
    }
    plan.bands.push_back(std::move(band));
  }
}

void PlanStackBands(ManyPlan& plan) {
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    const PlannedSource& source = plan.sources[i];
    const Inference& inference = source.source->inference();
    const std::string times =
        DayOf(inference.temp_range_start) + "/" + DayOf(inference.temp_range_end);
    for (std::size_t j = 0; j < source.on_grid.bands.size(); ++j) {
      PlannedBand band;
      band.facts = source.on_grid.bands[j];
      band.source_band = static_cast<int>(j) + 1;
      band.description =
          times + " " + source.source->output().name + " band " + std::to_string(j + 1);
      band.metadata.SetNameValue("INFERENCE_ID", std::to_string(inference.id).c_str());
      Set(band.metadata, "TEMP_RANGE_START", inference.temp_range_start);
      Set(band.metadata, "TEMP_RANGE_END", inference.temp_range_end);
      band.sources = {i};
      plan.bands.push_back(std::move(band));
    }
  }
}

CPLStringList MetadataOf(const ManyPlan& plan, const std::vector<std::string>& skipped) {
  const std::string& name = plan.sources.back().source->output().name;
  std::vector<std::string> ids;
  for (const PlannedSource& planned : plan.sources)
    ids.push_back(std::to_string(planned.source->inference().id));
  CPLStringList list;
  list.SetNameValue("OUTPUT_NAME", name.c_str());
  // QGIS takes the layer's name from it.
  list.SetNameValue("IDENTIFIER", name.c_str());
  list.SetNameValue("INFERENCE_IDS", Joined(ids).c_str());
  Set(list, "TEMP_RANGE_START", Outermost(plan, &Inference::temp_range_start, false));
  Set(list, "TEMP_RANGE_END", Outermost(plan, &Inference::temp_range_end, true));
  Set(list, "VALUE_TYPE", plan.sources.back().source->output().value_type);
  if (!skipped.empty()) list.SetNameValue("SKIPPED", Joined(skipped).c_str());
  if (plan.is_stack) SetTimes(plan, list);
  return list;
}

}  // namespace s2c
