// SPDX-License-Identifier: MIT
#include "apps/batch_commands.h"

#include "apps/answer.h"
#include "apps/catalogue_rows.h"
#include "apps/console.h"
#include "apps/interruption.h"
#include "client/jobs/run_change.h"

namespace s2c {
namespace {

using Ids = std::vector<std::int64_t>;

struct Deed {
  const char* command;
  const char* description;
  RunAction action;
  const char* done;
  const char* would_be_done;
};

struct BatchOptions {
  Ids ids;
  RowSelection selection;
  bool dry_run = false;
};

// All of them before anything is done: what is done changes what fits.
Result<Ids> Matches(const BatchOptions& options, const GeneralOptions& general) {
  const RowSelection& selection = options.selection;
  if (selection.where.empty() && selection.statuses.empty()) {
    if (!options.ids.empty()) return options.ids;
    return Fail(ErrorKind::kInvalidInput,
                "no inference is named: give numbers, or --where or --status");
  }
  RowSelection all = selection;
  all.ids = options.ids;
  auto rows = CatalogueRows::Open(general, "inference", all, {"id"});
  if (!rows) return Pass(rows);
  Ids ids;
  for (;;) {
    const auto row = rows->Next();
    if (!row) return Pass(row);
    if (!*row) return ids;
    const JsonValue* const id = Find((*row)->value(), "id");
    if (const auto number = id ? AsId(*id) : std::nullopt) ids.push_back(*number);
  }
}

Status Do(const Deed& deed, std::int64_t id, bool dry_run, const GeneralOptions& general) {
  const auto session = general.OpenSession(id);
  if (!session) return Pass(session);
  return Act(**session, id, deed.action, dry_run);
}

// One that cannot be done does not keep the others from it; a login that is refused does.
Result<ExitCode> DoAll(const Deed& deed, const BatchOptions& options,
                       const GeneralOptions& general) {
  const auto ids = Matches(options, general);
  if (!ids) return Pass(ids);
  LastWords words("");
  Answer answer(general.json, {"id", "result"});
  std::optional<ExitCode> code;
  std::size_t count = 0;
  for (const std::int64_t id : *ids) {
    words.Set("interrupted after " + std::to_string(count++) + " of " +
              std::to_string(ids->size()) + " inferences; the same command goes on");
    const Status done = Do(deed, id, options.dry_run, general);
    Record record;
    record.Set("id", id);
    record.Set("result", !done ? "failed" : options.dry_run ? deed.would_be_done : deed.done);
    record.Set("error", done ? std::nullopt : std::optional(done.error().message));
    answer.Add(record);
    if (done) continue;
    Say(done.error());
    // A state that does not allow it is none of the command line's faults.
    const ErrorKind kind = done.error().kind;
    const ExitCode failed = kind == ErrorKind::kInvalidInput ? ExitCode::kFailed : ExitCodeOf(kind);
    code = !code || *code == failed ? failed : ExitCode::kFailed;
    if (kind == ErrorKind::kCredentials) break;
  }
  answer.End();
  return code.value_or(ExitCode::kDone);
}

}  // namespace

void AddBatchCommands(Commands& commands) {
  for (const Deed& deed : {Deed{"rerun", "Run inferences that have ended again", RunAction::kRerun,
                                "rerun", "would be rerun"},
                           Deed{"abort", "Abort inferences that are under way", RunAction::kAbort,
                                "aborted", "would be aborted"},
                           Deed{"delete", "Delete inferences that have ended, with their results",
                                RunAction::kDelete, "deleted", "would be deleted"}}) {
    const auto options = std::make_shared<BatchOptions>();
    CLI::App& command = commands.Add(
        commands.root(), deed.command, deed.description,
        [deed, options](const GeneralOptions& general) { return DoAll(deed, *options, general); });
    AddIds(command, options->ids);
    AddSelection(command, options->selection);
    AddStatuses(command, options->selection);
    command.add_flag("--dry-run", options->dry_run, "Tell what would be done, and do nothing");
  }
}

}  // namespace s2c
