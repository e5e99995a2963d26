// SPDX-License-Identifier: MIT
#include "driver/run/run_algorithm.h"

#ifdef S2C_HAS_ALGORITHMS

#include "client/base/iso_time.h"
#include "client/base/log.h"
#include "client/jobs/run_start.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

void Describe(const RunRequest& request, const RunArea& area, CPLJSONObject& record) {
  record.Add("owner", request.owner);
  record.Add("knowledgebase_id", static_cast<GInt64>(request.knowledgebase));
  record.Add("knowledgebase", request.knowledgebase_title);
  record.Add("factbase_id", static_cast<GInt64>(request.factbase));
  record.Add("factbase", request.factbase_title);
  record.Add("temp_range_start", IsoMillisecondsText(request.times.start));
  record.Add("temp_range_end", IsoMillisecondsText(request.times.end));
  record.Add("output_scale_factor", request.scale);
  record.Add("features", static_cast<GInt64>(area.feature_count));
  record.Add("square_metres", area.square_metres);
  if (request.pixels) record.Add("pixels", *request.pixels);
}

}  // namespace

RunAlgorithm::RunAlgorithm()
    : ServiceAlgorithm("run", "Run an inference of Sen2Cube.AT on the features of a dataset.") {
  AddAreaArguments();
  AddOrderArguments();
  AddArg("wait", 0, "Wait until it has ended", &wait_);
  AddWaitTimeout();
  AddArg("dry-run", 0, "Check everything, and run nothing", &dry_run_);
  // Open options are the dataset's.
  AddServiceOptions("service-option");
}

void RunAlgorithm::AddAreaArguments() {
  AddInputDatasetArg(&area_, GDAL_OF_VECTOR, true, "Area of interest: a vector dataset")
      .AddAlias("aoi");
  AddOpenOptionsArg(&area_options_);
  AddInputFormatsArg(&area_formats_);
  AddArg("layer", 'l', "Its layer", &choice_.layer);
  AddArg("where", 0, "Condition on its features", &choice_.where);
  AddArg("name-field", 0, "Field that names a feature; else name, if there is one",
         &choice_.name_field);
}

void RunAlgorithm::AddOrderArguments() {
  AddArg("knowledgebase", 0, "Model to run: its id, or a title that no other has",
         &order_.knowledgebase)
      .SetRequired();
  AddArg("factbase", 0, "Data to run it on: an id, or a title that no other has", &order_.factbase)
      .SetRequired();
  AddArg("start", 0, "First day (2021-03-01), or a time in ISO 8601", &order_.start).SetRequired();
  AddArg("end", 0, "Last day, or a time in ISO 8601", &order_.end).SetRequired();
  AddArg("scale", 0, "How many pixels of the factbase, along a side, make one of the result",
         &order_.scale)
      .SetMutualExclusionGroup("scale");
  AddArg("preview", 0, "Take the factbase's scale for previews", &order_.preview)
      .SetMutualExclusionGroup("scale");
  AddArg("comment", 0, "What the run is for", &order_.comment);
  AddArg("favourite", 0, "Mark it as a favourite", &order_.favourite);
}

bool RunAlgorithm::Do(const Progress& progress) {
  CPLJSONObject record;
  const auto area = ReadRunArea(*area_.GetDatasetRef(), choice_);
  const bool is_done = area ? Start(*area, progress, record) : Refuse(area.error(), record);
  Answer(record.Format(CPLJSONObject::PrettyFormat::Pretty));
  return is_done;
}

bool RunAlgorithm::Start(const RunArea& area, const Progress& progress, CPLJSONObject& record) {
  const auto session = OpenSession(kVsiPrefix);
  if (!session) return Refuse(session.error(), record);
  // What is wrong with the wait is told before anything runs.
  if (const auto policy = ReadWaitPolicy(kVsiPrefix); !policy)
    return Refuse(policy.error(), record);
  const auto request = MakeRunRequest(**session, order_, area, SystemClock(), SystemRandom());
  if (!request) return Refuse(request.error(), record);
  for (const std::string& warning : request->warnings) LogWarning(warning);
  Describe(*request, area, record);
  if (dry_run_) return true;
  const auto id = StartRun(**session, *request, SystemClock());
  if (!id) return Refuse(id.error(), record);
  record.Add("id", static_cast<GInt64>(*id));
  record.Add("dataset", "S2C:" + std::to_string(*id));
  record.Add("status", "CREATED");
  record.AddNull("error");
  if (!wait_) return true;
  // Whoever ends the program knows what to wait for.
  LogWarning(StartedSentence(*id));
  return Wait(*session, *id, progress, record);
}

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
