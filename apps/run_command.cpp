// SPDX-License-Identifier: MIT
#include "apps/run_command.h"

#include <gdal_priv.h>

#include "apps/answer.h"
#include "apps/console.h"
#include "apps/gdal_failure.h"
#include "apps/interruption.h"
#include "apps/waiting.h"
#include "client/base/iso_time.h"
#include "client/jobs/run_start.h"
#include "driver/run_area.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

struct RunOptions {
  std::string area;
  AreaChoice choice;
  RunOrder order;
  std::optional<double> timeout;
  bool wait = false;
  bool dry_run = false;
};

Result<RunArea> ReadArea(const RunOptions& options) {
  GDALAllRegister();
  GDALDatasetUniquePtr dataset;
  const Status opened = TryGdal(
      [&] {
        dataset.reset(
            GDALDataset::Open(options.area.c_str(), GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR));
        return dataset != nullptr;
      },
      ErrorKind::kInvalidInput);
  if (!opened)
    return Fail(ErrorKind::kInvalidInput, "--aoi cannot be read: " + opened.error().message);
  return ReadRunArea(*dataset, options.choice);
}

Record RecordOf(const RunRequest& request, const RunArea& area) {
  Record record;
  record.Set("owner", request.owner);
  record.Set("knowledgebase_id", request.knowledgebase);
  record.Set("knowledgebase", request.knowledgebase_title);
  record.Set("factbase_id", request.factbase);
  record.Set("factbase", request.factbase_title);
  record.Set("temp_range_start", IsoMillisecondsText(request.times.start));
  record.Set("temp_range_end", IsoMillisecondsText(request.times.end));
  record.Set("output_scale_factor", static_cast<std::int64_t>(request.scale));
  record.Set("features", static_cast<std::int64_t>(area.feature_count));
  if (request.pixels) {
    record.Set("pixels", *request.pixels);
  } else {
    record.Set("pixels", nullptr);
  }
  return record;
}

// What a script wants to know of a run, in the same words with and without --wait.
Record RecordOf(std::int64_t id, const Waited& waited) {
  Record record;
  record.Set("id", id);
  record.Set("dataset", "S2C:" + std::to_string(id));
  record.Set("status", waited.status);
  record.Set("error", waited.error ? std::optional(waited.error->message) : std::nullopt);
  return record;
}

Result<std::int64_t> Start(Session& session, const RunRequest& request) {
  const LastWords words("interrupted; 's2c list --limit 5' tells whether the inference was made");
  return StartRun(session, request, SystemClock());
}

Result<ExitCode> Run(const RunOptions& options, const GeneralOptions& general) {
  const auto policy = WaitPolicyOf(general, options.timeout);
  if (!policy) return Pass(policy);
  const auto area = ReadArea(options);
  if (!area) return Pass(area);
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  const auto request =
      MakeRunRequest(**session, options.order, *area, SystemClock(), SystemRandom());
  if (!request) return Pass(request);
  for (const std::string& warning : request->warnings) Say("warning: " + warning);
  if (options.dry_run) {
    PrintRecord(general.json, RecordOf(*request, *area));
    return ExitCode::kDone;
  }
  const auto id = Start(**session, *request);
  if (!id) return Pass(id);
  Waited waited;
  waited.status = "CREATED";
  if (options.wait) waited = WaitFor(*session, *id, {*id}, *policy);
  if (waited.error) Say(*waited.error);
  PrintRecord(general.json, RecordOf(*id, waited));
  return waited.code;
}

void AddOrder(CLI::App& run, RunOrder& order) {
  run.add_option("--knowledgebase", order.knowledgebase, "The model, by its number or title")
      ->type_name("ID|TITLE")
      ->required();
  run.add_option("--factbase", order.factbase, "The factbase, by its number or title")
      ->type_name("ID|TITLE")
      ->required();
  run.add_option("--start", order.start, "The first day, or a time in ISO 8601")
      ->type_name("TIME")
      ->required();
  run.add_option("--end", order.end, "The last day, which counts whole, or a time")
      ->type_name("TIME")
      ->required();
  CLI::Option* const scale =
      run.add_option("--scale", order.scale,
                     "How many pixels of the factbase make one of the result; 1 unless given")
          ->type_name("N");
  run.add_flag("--preview", order.preview, "Coarse, at the scale that the factbase has for it")
      ->excludes(scale);
  run.add_option("--comment", order.comment, "What it is for")->type_name("TEXT");
  run.add_flag("--favourite", order.favourite, "Mark it as a favourite");
}

}  // namespace

void AddRunCommand(Commands& commands) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App& run =
      commands.Add(commands.root(), "run", "Run an inference on the features of a vector source",
                   [options](const GeneralOptions& general) { return Run(*options, general); });
  run.add_option("--aoi", options->area,
                 "The features it looks at: whatever GDAL opens as vector data, in any projection")
      ->type_name("FILE")
      ->required();
  run.add_option("--layer", options->choice.layer, "Which layer of it, where there are several")
      ->type_name("NAME");
  run.add_option("--where", options->choice.where,
                 "Only the features that this condition is true for")
      ->type_name("CONDITION");
  run.add_option("--name-field", options->choice.name_field,
                 "The field that names the features in tables; 'name' unless given")
      ->type_name("FIELD");
  AddOrder(run, options->order);
  run.add_flag("--wait", options->wait, "Wait until it has ended");
  AddWaitTimeout(run, options->timeout);
  run.add_flag("--dry-run", options->dry_run, "Check everything, tell what would be run, and stop");
}

}  // namespace s2c
