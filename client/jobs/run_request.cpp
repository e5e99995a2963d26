// SPDX-License-Identifier: MIT
#include "client/jobs/run_request.h"

#include <cmath>
#include <cstdio>

#include "client/base/iso_time.h"
#include "client/base/text.h"
#include "client/jobs/named_resource.h"
#include "client/jobs/resource_change.h"

namespace s2c {
namespace {

constexpr double kMetresPerDegree = 111320;  // of latitude, on the sphere of WGS 84's equator

std::string Quoted(const std::string& title) { return "'" + OneLine(title, 80) + "'"; }

std::string Named(const NamedResource& factbase) {
  return "factbase " + std::to_string(factbase.id) + " " + Quoted(factbase.title);
}

std::string DayText(std::int64_t moment) { return IsoMillisecondsText(moment).substr(0, 10); }

std::optional<std::int64_t> DayAt(const JsonValue& attributes, const char* name) {
  const auto text = TextAt(attributes, name);
  const auto day = text ? ParseIsoTime(Trim(*text)) : std::nullopt;
  if (!day) return std::nullopt;
  return UnixMilliseconds(*day) / kDayMilliseconds * kDayMilliseconds;
}

Status CheckTimes(const TimeRange& times, const NamedResource& factbase) {
  const auto first = DayAt(*factbase.attributes, "dateStart");
  const auto last = DayAt(*factbase.attributes, "dateEnd");
  const bool early = first && times.start < *first;
  if (!early && !(last && times.end >= *last + kDayMilliseconds)) return {};
  const std::string which = early ? "START " + DayText(times.start) + " is before"
                                  : "END " + DayText(times.end) + " is after";
  return Fail(ErrorKind::kInvalidInput,
              which + " the data of " + Named(factbase) + ", which go from " +
                  (first ? DayText(*first) : "an unknown day") + " to " +
                  (last ? DayText(*last) : "an unknown day") + ": choose days in that range");
}

Status CheckPlace(const RunArea& area, const NamedResource& factbase) {
  const JsonValue* const footprint = Find(*factbase.attributes, "footprint");
  if (!footprint || footprint->IsNull() || !area.meets) return {};
  const auto meets = area.meets(AsText(*footprint).value_or(ToJson(*footprint)));
  if (meets.value_or(true)) return {};
  return Fail(ErrorKind::kInvalidInput,
              "the area of interest lies outside of " + Named(factbase) +
                  ": choose another FACTBASE (ogrinfo S2C: factbase shows what each covers), or "
                  "check the projection of the area's source");
}

void WarnOfState(const NamedResource& factbase, const Clock& clock,
                 std::vector<std::string>& warnings) {
  const std::string status = TextAt(*factbase.attributes, "status").value_or("");
  if (!status.empty() && !EqualIgnoringCase(status, "OK") && !EqualIgnoringCase(status, "BUSY"))
    warnings.push_back(Named(factbase) + " is in the state " + OneLine(status, 40) +
                       ": the run may have to wait, or fail");
  const WorkerSigns signs = ReadWorkerSigns(*factbase.attributes);
  if (!signs.latest || signs.Alive(clock.EpochSeconds())) return;
  warnings.push_back(Named(factbase) + " was last heard of at " +
                     IsoTimeText(static_cast<double>(*signs.latest)) +
                     ": the run may have to wait until it is back");
}

// In metres; nothing where the factbase does not say.
std::optional<double> PixelArea(const JsonValue& attributes) {
  const JsonValue* const resolution = Find(attributes, "resolution");
  if (!resolution) return std::nullopt;
  std::optional<double> x = AsNumber(*resolution), y = x;
  if (resolution->IsArray() && resolution->Size() > 0) {
    x = AsNumber((*resolution)[0]);
    y = AsNumber((*resolution)[resolution->Size() - 1]);
  }
  if (!x || !y) return std::nullopt;
  const std::string srs = TextAt(attributes, "srs").value_or("");
  const double unit = StartsWith(Trim(srs), "GEOG") ? kMetresPerDegree : 1;
  const double area = std::abs(*x * *y) * unit * unit;
  if (!(area > 0)) return std::nullopt;
  return area;
}

void CountPixels(const RunArea& area, const NamedResource& factbase, RunRequest& request) {
  const auto pixel = PixelArea(*factbase.attributes);
  if (!pixel || !(area.square_metres > 0)) return;
  const double each = *pixel * request.scale * request.scale;
  request.pixels = std::ceil(area.square_metres / each);
  if (!(*request.pixels > kPixelsOfTenMinutes)) return;
  const double enough = std::ceil(std::sqrt(area.square_metres / *pixel / kPixelsOfTenMinutes));
  char figures[160];
  std::snprintf(figures, sizeof(figures),
                "%.1f million pixels, more than the %.0f million that a run of ten minutes is "
                "thought to do: SCALE=%.0f would stay below",
                *request.pixels / 1e6, kPixelsOfTenMinutes / 1e6, enough);
  request.warnings.push_back(std::string("the result will have about ") + figures);
}

// 64 bits in hexadecimal.
std::string NewMark(Random& random) {
  char digits[17];
  const auto half = [&] { return static_cast<unsigned>(random.Next() * 4294967296.0); };
  const unsigned high = half(), low = half();
  std::snprintf(digits, sizeof(digits), "%08x%08x", high, low);
  return std::string("gdal_S2C ") + digits;
}

// What the service is known to take, all of it (reference: its other clients).
std::string DocumentOf(const RunRequest& request, const RunOrder& order, const RunArea& area) {
  // The collection's name is what GDAL writes into GeoJSON as well, and what engines pass over.
  const std::string collection = R"({"type":"FeatureCollection","name":")" + request.mark +
                                 R"(","features":)" + area.features + "}";
  return ResourceDocument(
      "inference", std::nullopt,
      {{"owner", JsonText(request.owner)},
       {"area_of_interest", JsonText(collection)},
       {"temp_range_start", JsonText(IsoMillisecondsText(request.times.start))},
       {"temp_range_end", JsonText(IsoMillisecondsText(request.times.end))},
       {"comment", JsonText(order.comment)},
       {"favourite", order.favourite ? "true" : "false"},
       {"output_scale_factor", std::to_string(request.scale)}},
      {{"factbase", request.factbase}, {"knowledgebase", request.knowledgebase}});
}

Result<int> ScaleOf(const RunOrder& order, const NamedResource& factbase) {
  if (!order.preview) return ReadScale(order.scale);
  if (!Trim(order.scale).empty())
    return Fail(ErrorKind::kInvalidInput,
                "a preview has the factbase's own SCALE: give one of the two");
  const auto factor = NumberAt(*factbase.attributes, "preview_factor");
  if (!factor || !(*factor >= 1) || *factor > 1e5)
    return Fail(ErrorKind::kInvalidInput,
                Named(factbase) + " has no scale for a preview: give SCALE");
  return static_cast<int>(*factor);
}

}  // namespace

Result<RunRequest> MakeRunRequest(Session& session, const RunOrder& order, const RunArea& area,
                                  const Clock& clock, Random& random) {
  if (area.feature_count == 0)
    return Fail(ErrorKind::kInvalidInput,
                "the area of interest has no feature: check its source, and the filter on it");
  const auto times = ReadTimeRange(order.start, order.end);
  if (!times) return Pass(times);
  if (const auto scale = ReadScale(order.scale); !scale) return Pass(scale);
  const auto knowledgebase =
      FindNamed(session, "knowledgebase", order.knowledgebase, "KNOWLEDGEBASE", {});
  if (!knowledgebase) return Pass(knowledgebase);
  const auto factbase = FindNamed(session, "factbase", order.factbase, "FACTBASE",
                                  {"status", "free_worker_ping", "busy_worker_ping", "dateStart",
                                   "dateEnd", "srs", "resolution", "preview_factor", "footprint"});
  if (!factbase) return Pass(factbase);
  const auto scale = ScaleOf(order, *factbase);
  if (!scale) return Pass(scale);
  for (const Status& right : {CheckTimes(*times, *factbase), CheckPlace(area, *factbase)})
    if (!right) return Pass(right);
  auto owner = session.GetUserName();
  if (!owner) return Pass(owner);
  RunRequest request;
  request.mark = NewMark(random);
  request.owner = std::move(*owner);
  request.knowledgebase = knowledgebase->id;
  request.knowledgebase_title = knowledgebase->title;
  request.factbase = factbase->id;
  request.factbase_title = factbase->title;
  request.times = *times;
  request.scale = *scale;
  WarnOfState(*factbase, clock, request.warnings);
  CountPixels(area, *factbase, request);
  request.document = DocumentOf(request, order, area);
  return request;
}

}  // namespace s2c
