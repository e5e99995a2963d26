// SPDX-License-Identifier: MIT
#include "apps/model_commands.h"

#include "apps/answer.h"
#include "apps/console.h"
#include "apps/download.h"
#include "client/jobs/models.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

// Whoever pipes a disk in by mistake is told so.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

struct ModelOptions {
  std::int64_t id = 0;
  std::string file;
  std::string output;
  ModelChange change;
};

Result<std::string> BlocksOf(Session& session, std::int64_t id) {
  const auto document = session.GetResource("knowledgebase", id, {"blockdefs"});
  if (!document) return Pass(document);
  if (!*document)
    return Fail(ErrorKind::kNotFound, "there is no model " + std::to_string(id) +
                                          " for this user: s2c models lists those that are there");
  const JsonValue* const found = FindAt(*document, {"data", "attributes"});
  const auto blocks = found ? TextAt(*found, "blockdefs") : std::nullopt;
  if (blocks && !blocks->empty()) return *blocks;
  return Fail(ErrorKind::kNotFound,
              "model " + std::to_string(id) + " has no blocks: whoever made it has saved none yet");
}

Result<ExitCode> GetModel(const ModelOptions& options, const GeneralOptions& general) {
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  const auto blocks = BlocksOf(**session, options.id);
  if (!blocks) return Pass(blocks);
  if (!options.output.empty() && options.output != "-") {
    const Status written = WriteWhole(options.output, *blocks);
    if (!written) return Pass(written);
    return ExitCode::kDone;
  }
  if (general.json) {
    Record record;
    record.Set("id", options.id);
    record.Set("blockdefs", *blocks);
    PrintRecord(true, record);
  } else {
    PrintText(*blocks);
  }
  return ExitCode::kDone;
}

Result<ExitCode> PutModel(ModelOptions& options, const GeneralOptions& general) {
  auto file = ReadSmallFile(options.file, kMostBytes);
  if (!file) return Fail(ErrorKind::kInvalidInput, file.error().message);
  options.change.blockdefs = std::move(file->content);
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  if (options.id > 0) {
    const Status changed = ChangeModel(**session, options.id, options.change, SystemClock());
    if (!changed) return Pass(changed);
  } else {
    const auto created = CreateModel(**session, options.change, SystemClock());
    if (!created) return Pass(created);
    options.id = *created;
  }
  Record record;
  record.Set("id", options.id);
  PrintRecord(general.json, record);
  return ExitCode::kDone;
}

Result<ExitCode> RemoveModel(std::int64_t id, const GeneralOptions& general) {
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  const Status deleted = DeleteModel(**session, id);
  // One in use is nothing that the command line could be wrong about.
  if (!deleted && deleted.error().kind == ErrorKind::kInvalidInput) {
    Say(deleted.error());
    return ExitCode::kFailed;
  }
  if (!deleted) return Pass(deleted);
  Record record;
  record.Set("id", id);
  PrintRecord(general.json, record);
  return ExitCode::kDone;
}

}  // namespace

void AddModelCommands(Commands& commands) {
  CLI::App& model = Commands::AddGroup(commands.root(), "model", "Read and write one model");
  const auto got = std::make_shared<ModelOptions>();
  CLI::App& get = commands.Add(
      model, "get", "Write the blocks of a model as the XML that the web application imports",
      [got](const GeneralOptions& general) { return GetModel(*got, general); });
  AddId(get, got->id);
  get.add_option("-o,--output", got->output, "The file; standard output unless given")
      ->type_name("FILE");

  const auto put = std::make_shared<ModelOptions>();
  CLI::App& store =
      commands.Add(model, "put", "Make a model of such XML, or change the one of --id",
                   [put](const GeneralOptions& general) { return PutModel(*put, general); });
  store.add_option("FILE", put->file, "What model get or the web application has written")
      ->type_name("")
      ->required();
  store.add_option("--title", put->change.title, "Its title; a new model needs one")
      ->type_name("TEXT");
  store.add_option("--description", put->change.description, "What it does")->type_name("TEXT");
  store.add_option("--id", put->id, "Change this model in place of making one")
      ->type_name("ID")
      ->check(IsId);
  store.add_flag_function(
      "--favourite,!--no-favourite",
      [put](std::int64_t count) { put->change.favourite = count > 0; },
      "Mark it as a favourite, or take that mark off");

  const auto removed = std::make_shared<std::int64_t>();
  CLI::App& remove = commands.Add(
      model, "delete", "Delete a model that no inference uses",
      [removed](const GeneralOptions& general) { return RemoveModel(*removed, general); });
  AddId(remove, *removed);
}

}  // namespace s2c
