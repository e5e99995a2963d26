// SPDX-License-Identifier: MIT
#include "driver/many/selected_outputs.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "client/base/iso_time.h"
#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/catalogue/inference_rows.h"

namespace s2c {
namespace {

// First requests that go out while rows still come; the rest are sent as the first are opened.
constexpr std::size_t kMostBegun = 128;
constexpr std::size_t kMostWarnings = 20;

std::int64_t Moment(const Text& time) {
  const auto parsed = time ? ParseIsoTime(*time) : std::nullopt;
  return parsed ? UnixMilliseconds(*parsed) : INT64_MIN;
}

std::string Shown(const Selection& selection) {
  if (!selection.condition.empty()) return "'" + UserText(selection.condition, 200) + "'";
  return std::to_string(selection.ids.size()) + (selection.ids.size() == 1 ? " id" : " ids");
}

}  // namespace

SelectedOutputs::SelectedOutputs(std::shared_ptr<Session> session, const Selection& selection,
                                 std::string name, std::shared_ptr<const RasterSettings> settings)
    : session_(std::move(session)),
      selection_(selection),
      name_(std::move(name)),
      settings_(std::move(settings)) {}

Status SelectedOutputs::Find() {
  const auto take = [this](InferencePtr inference) { Take(std::move(inference)); };
  const Status read = selection_.condition.empty()
                          ? ReadInferences(session_, selection_.ids, take)
                          : ReadInferences(session_, selection_.condition, take);
  if (!read) return read;
  WarnOfMissing();
  if (sources_.empty()) return NoneOfThem();
  Sort();
  return {};
}

void SelectedOutputs::Take(InferencePtr resolved) {
  const Inference& inference = resolved->inference;
  if (!found_.insert(inference.id).second) return;
  const Status finished = CheckFinished(inference);
  if (!finished) {
    // Who has named it expects it.
    if (!selection_.ids.empty() && found_.size() <= kMostWarnings)
      LogWarning(finished.error().message + "; it is left out");
    return;
  }
  ++succeeded_;
  const auto output = FindOutput(inference, name_);
  if (!output || !inference.outputs[*output].IsRaster()) {
    LogDebug("inference " + std::to_string(inference.id) + " has no raster '" +
             UserText(name_, 200) + "' and is passed over");
    const std::vector<std::string> names = OutputNames(inference);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (inference.outputs[i].IsRaster()) other_names_.insert(names[i]);
    }
    return;
  }
  auto source = std::make_shared<Source>(session_, std::move(resolved), *output, settings_);
  if (sources_.size() < kMostBegun) source->BeginToOpen();
  sources_.push_back(std::move(source));
}

void SelectedOutputs::WarnOfMissing() const {
  std::size_t missing = 0;
  for (const std::int64_t id : selection_.ids) {
    if (found_.count(id) > 0 || ++missing > kMostWarnings) continue;
    LogWarning("there is no inference " + std::to_string(id) + " for this user; it is left out");
  }
}

tl::unexpected<Error> SelectedOutputs::NoneOfThem() const {
  if (succeeded_ == 0)
    return Fail(ErrorKind::kNotFound,
                "no inference of the selection (" + Shown(selection_) +
                    ") has succeeded; ogrinfo S2C: inference -where shows what a condition finds");
  const std::string what = "none of the " + std::to_string(succeeded_) +
                           " selected inferences has a raster '" + UserText(name_, 200) + "'";
  if (other_names_.empty())
    return Fail(ErrorKind::kNotFound, what + ": they have no rasters at all");
  return Fail(ErrorKind::kNotFound,
              what + ": use one of " + Enumerated({other_names_.begin(), other_names_.end()}));
}

// A mosaic's newest on top, a stack's oldest first; of the same time, by id.
void SelectedOutputs::Sort() {
  const bool is_mosaic = selection_.kind == Selection::Kind::kMosaic;
  const auto key = [is_mosaic](const SourcePtr& source) {
    const Inference& inference = source->inference();
    const std::int64_t start = Moment(inference.temp_range_start);
    const std::int64_t end = Moment(inference.temp_range_end);
    return std::tuple(is_mosaic ? end : start, is_mosaic ? start : end, inference.id);
  };
  std::sort(sources_.begin(), sources_.end(),
            [&](const SourcePtr& a, const SourcePtr& b) { return key(a) < key(b); });
}

}  // namespace s2c
