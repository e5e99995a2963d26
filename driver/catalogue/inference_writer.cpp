// SPDX-License-Identifier: MIT
#include "client/base/iso_time.h"
#include "client/base/log.h"
#include "client/base/text.h"
#include "client/jobs/run_change.h"
#include "client/jobs/run_start.h"
#include "driver/catalogue/catalogue_values.h"
#include "driver/catalogue/row_writer.h"
#include "driver/run_area.h"

namespace s2c {
namespace {

std::string TextOf(const OGRFeature& row, const char* field) {
  return row.GetFieldAsString(row.GetFieldIndex(field));
}

// Midnight without a zone is what a day alone becomes in a field of times.
std::string DayOrTime(const OGRFeature& row, const char* field) {
  const int place = row.GetFieldIndex(field);
  const std::string time = IsoMillisecondsText(MomentOf(row, place));
  const bool is_day = !HasZone(row, place) && time.substr(11) == "00:00:00.000Z";
  return is_day ? time.substr(0, 10) : time;
}

Status CheckIsWhole(const OGRFeature& row) {
  for (const char* field :
       {"knowledgebase_id", "factbase_id", "temp_range_start", "temp_range_end"}) {
    if (!row.IsFieldSetAndNotNull(row.GetFieldIndex(field)))
      return Fail(ErrorKind::kInvalidInput,
                  std::string("a new inference needs ") + field + ", which is null: set it");
  }
  if (row.GetGeometryRef()) return {};
  return Fail(ErrorKind::kInvalidInput,
              "a new inference needs an area of interest: set the feature's geometry");
}

Result<RunArea> AreaOf(const OGRFeature& row, const std::string& name) {
  const OGRGeometry& geometry = *row.GetGeometryRef();
  RunAreaBuilder area;
  const Status added = area.Add(geometry, geometry.getSpatialReference(), name);
  if (!added) return Pass(added);
  return area.Finish();
}

Result<std::int64_t> Create(const WriterMeans& means, const OGRFeature& row,
                            const std::string& name) {
  const Status whole = CheckIsWhole(row);
  if (!whole) return Pass(whole);
  RunOrder order;
  order.knowledgebase = TextOf(row, "knowledgebase_id");
  order.factbase = TextOf(row, "factbase_id");
  order.start = DayOrTime(row, "temp_range_start");
  order.end = DayOrTime(row, "temp_range_end");
  order.scale = TextOf(row, "output_scale_factor");
  order.comment = TextOf(row, "comment");
  order.favourite = row.GetFieldAsInteger(row.GetFieldIndex("favourite")) != 0;
  const auto area = AreaOf(row, name);
  if (!area) return Pass(area);
  const auto request = MakeRunRequest(means.session, order, *area, means.clock, means.random);
  if (!request) return Pass(request);
  for (const std::string& warning : request->warnings) LogWarning(warning);
  return StartRun(means.session, *request, means.clock);
}

Result<RunAction> ActionOf(const RowChange& change) {
  const std::string status = *change.Text("status");
  if (status == "CREATED") return RunAction::kRerun;
  if (status == "ABORTED") return RunAction::kAbort;
  return Fail(ErrorKind::kInvalidInput,
              "the status of inference " + std::to_string(change.id) + " cannot be set to '" +
                  OneLine(status, 40) +
                  "': CREATED runs it again and ABORTED aborts it, all else is the service's");
}

// The status first: where the rules do not allow that, nothing is changed.
Status Change(const WriterMeans& means, const RowChange& change) {
  if (change.Has("status")) {
    const auto action = ActionOf(change);
    if (!action) return Pass(action);
    const Status done = Act(means.session, change.id, *action);
    if (!done) return done;
  }
  return ChangeInference(means.session, change.id,
                         {change.Text("comment"), change.Truth("favourite")});
}

Status Remove(const WriterMeans& means, std::int64_t id) {
  return Act(means.session, id, RunAction::kDelete);
}

}  // namespace

const RowWriter& InferenceWriter() {
  static const auto* const writer =
      new RowWriter{{"comment", "favourite", "status"}, true, Create, Change, Remove};
  return *writer;
}

}  // namespace s2c
