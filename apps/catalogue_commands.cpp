// SPDX-License-Identifier: MIT
#include "apps/catalogue_commands.h"

#include "apps/answer.h"
#include "apps/catalogue_rows.h"

namespace s2c {
namespace {

using Columns = std::vector<std::string>;

struct Limited {
  RowSelection selection;
  std::uint64_t limit = UINT64_MAX;
};

Result<ExitCode> PrintRows(const char* layer, const Limited& options, const Columns& fields,
                           const Columns& columns, const GeneralOptions& general) {
  auto rows = CatalogueRows::Open(general, layer, options.selection, fields);
  if (!rows) return Pass(rows);
  Answer answer(general.json, columns);
  for (std::uint64_t count = 0; count < options.limit; ++count) {
    const auto row = rows->Next();
    if (!row) {
      // What came so far is shown, and --json stays JSON.
      answer.End();
      return Pass(row);
    }
    if (!*row) break;
    answer.Add(**row);
  }
  answer.End();
  return ExitCode::kDone;
}

// `fields` are all that --json tells, `columns` those of the table.
CLI::App& AddTable(Commands& commands, const char* name, const char* description, const char* layer,
                   Limited& options, std::shared_ptr<void> owner, Columns fields, Columns columns) {
  CLI::App& command = commands.Add(
      commands.root(), name, description,
      [=, &options, owner = std::move(owner), fields = std::move(fields),
       columns = std::move(columns)](const GeneralOptions& general) {
        return PrintRows(layer, options, general.json ? fields : columns, columns, general);
      });
  AddSelection(command, options.selection);
  command.add_option("--limit", options.limit, "At most so many, the newest first")->type_name("N");
  return command;
}

void AddList(Commands& commands) {
  const auto options = std::make_shared<Limited>();
  CLI::App& list = AddTable(
      commands, "list", "List inferences, the newest first", "inference", *options, options,
      {"id", "status", "status_message", "comment", "owner", "favourite", "knowledgebase_id",
       "factbase_id", "temp_range_start", "temp_range_end", "output_scale_factor",
       "timestamp_created", "timestamp_started", "timestamp_finished", "datasets"},
      {"id", "status", "timestamp_created", "knowledgebase_id", "factbase_id", "owner", "comment"});
  AddStatuses(list, options->selection);
}

}  // namespace

void AddCatalogueCommands(Commands& commands) {
  AddList(commands);
  const auto models = std::make_shared<Limited>();
  AddTable(commands, "models", "List models (knowledgebases)", "knowledgebase", *models, models,
           {"id", "title", "description", "owner", "date", "favourite"},
           {"id", "owner", "date", "title"});
  const auto factbases = std::make_shared<Limited>();
  AddTable(commands, "factbases", "List factbases", "factbase", *factbases, factbases,
           {"id", "title", "description", "owner", "project", "status", "online", "sensor",
            "dateStart", "dateEnd", "resolution_x", "resolution_y", "preview_factor"},
           {"id", "status", "online", "sensor", "dateStart", "dateEnd", "title"});
}

}  // namespace s2c
