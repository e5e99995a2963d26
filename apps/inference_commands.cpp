// SPDX-License-Identifier: MIT
#include "apps/inference_commands.h"

#include <algorithm>

#include "apps/answer.h"
#include "apps/console.h"
#include "apps/download.h"
#include "apps/interruption.h"
#include "client/api/failure.h"
#include "client/base/iso_time.h"
#include "client/base/text.h"
#include "driver/names.h"
#include "vsi/directory.h"

namespace s2c {
namespace {

using Entries = std::vector<DirectoryEntry>;

// As the catalogue's times are: in UTC, to the second. What is no time stays as it is.
Text UtcText(const Text& time) {
  const auto read = time ? ParseIsoTime(*time) : std::nullopt;
  if (!read) return time;
  return IsoTimeText(static_cast<double>(UnixMilliseconds(*read)) / 1000);
}

void SetCount(Record& record, const char* name, const std::optional<std::uint64_t>& count) {
  record.Set(name, count ? std::optional<std::int64_t>(*count) : std::nullopt);
}

Record OutputRecord(std::int64_t id, const Output& output, const std::string& name,
                    const std::string& file) {
  Record record;
  record.Set("name", name);
  record.Set("dataset", FormatConnectionString(id, name));
  record.Set("file", file);
  record.Set("value_type", output.value_type);
  record.Set("file_type", output.file_type);
  SetCount(record, "bytes", output.bytes);
  return record;
}

Record InferenceRecord(const ResolvedInference& resolved) {
  const Inference& inference = resolved.inference;
  Record record;
  record.Set("id", inference.id);
  record.Set("status", inference.status);
  record.Set("status_message", inference.status_message);
  // A message of any other state may be that of the run before.
  const bool has_failed = inference.status == "FAILED";
  record.Set("explanation",
             has_failed ? ExplainFailure(inference.status_message.value_or("")) : std::nullopt);
  record.Set("comment", inference.comment);
  record.Set("owner", inference.owner);
  record.Set("knowledgebase_id", inference.knowledgebase_id);
  record.Set("knowledgebase",
             resolved.knowledgebase ? resolved.knowledgebase->title : std::nullopt);
  record.Set("factbase_id", inference.factbase_id);
  record.Set("factbase", resolved.factbase ? resolved.factbase->title : std::nullopt);
  record.Set("temp_range_start", UtcText(inference.temp_range_start));
  record.Set("temp_range_end", UtcText(inference.temp_range_end));
  const auto scale = ParseUnsigned(inference.output_scale_factor.value_or(""));
  SetCount(record, "output_scale_factor", scale);
  record.Set("timestamp_created", UtcText(inference.timestamp_created));
  record.Set("timestamp_started", UtcText(inference.timestamp_started));
  record.Set("timestamp_finished", UtcText(inference.timestamp_finished));
  std::vector<Record> outputs;
  if (inference.Succeeded()) {
    const std::vector<std::string> names = OutputNames(inference);
    const std::vector<std::string> files = ListedNames(resolved);
    for (std::size_t i = 0; i < names.size(); ++i)
      outputs.push_back(OutputRecord(inference.id, inference.outputs[i], names[i], files[i]));
  }
  record.Set("outputs", outputs);
  return record;
}

Result<ExitCode> Show(std::int64_t id, const GeneralOptions& general) {
  const auto session = general.OpenSession(id);
  if (!session) return Pass(session);
  const auto inference = (*session)->GetInference(id);
  if (!inference) return Pass(inference);
  PrintRecord(general.json, InferenceRecord(**inference));
  return ExitCode::kDone;
}

struct GetOptions {
  std::int64_t id = 0;
  std::vector<std::string> names;
  std::string folder = ".";
  bool overwrite = false;
};

// An output as in S2C:ID:NAME, else a file of the inference's folder.
Result<DirectoryEntry> EntryOf(const ResolvedInference& resolved, const std::string& name) {
  const Status finished = CheckFinished(resolved.inference);
  const auto file = FindEntry(resolved, name);
  if (!finished && file && file->kind == DirectoryEntry::Kind::kDocument) return *file;
  if (!finished) return Pass(finished);
  const auto output = FindOutput(resolved.inference, name);
  if (!output && file) return *file;
  if (!output) return Pass(output);
  const auto listed = FindEntry(resolved, ListedName(resolved, *output));
  return listed ? Result<DirectoryEntry>(*listed) : Pass(output);
}

Result<Entries> EntriesOf(const ResolvedInference& resolved, const GetOptions& options) {
  if (options.names.empty()) {
    const Status finished = CheckFinished(resolved.inference);
    if (!finished) return Pass(finished);
    return ListDirectory(resolved);
  }
  Entries entries;
  for (const std::string& name : options.names) {
    const auto entry = EntryOf(resolved, name);
    if (!entry) return Pass(entry);
    const bool is_twice = std::any_of(entries.begin(), entries.end(),
                                      [&](const auto& other) { return other.name == entry->name; });
    if (!is_twice) entries.push_back(*entry);
  }
  return entries;
}

// Whether it makes sense to go on with the next file.
bool IsOfThisFileAlone(const Error& error) {
  return error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kServer ||
         error.kind == ErrorKind::kProtocol || error.kind == ErrorKind::kChanged;
}

const char* WordOf(Fetched fetched) {
  switch (fetched) {
    case Fetched::kWhole:
      return "fetched";
    case Fetched::kRest:
      return "resumed";
    case Fetched::kThere:
      break;
  }
  return "there";
}

Result<ExitCode> GetFiles(Download& download, const Entries& entries,
                          const GeneralOptions& general) {
  Answer answer(general.json, {"state", "bytes", "file"});
  std::optional<Error> failure;
  for (const DirectoryEntry& entry : entries) {
    const auto file = download.Fetch(entry);
    Record record;
    record.Set("file", download.PathOf(entry));
    if (file) {
      record.Set("state", WordOf(file->fetched));
      record.Set("bytes", static_cast<std::int64_t>(file->bytes));
      answer.Add(record);
      continue;
    }
    record.Set("state", "failed");
    record.Set("bytes", nullptr);
    answer.Add(record);
    if (failure) Say(*failure);
    failure = file.error();
    if (!IsOfThisFileAlone(*failure)) break;
  }
  answer.End();
  if (failure) return tl::unexpected<Error>(std::move(*failure));
  return ExitCode::kDone;
}

Result<ExitCode> Get(const GetOptions& options, const GeneralOptions& general) {
  const auto session = general.OpenSession(options.id);
  if (!session) return Pass(session);
  const auto inference = (*session)->GetInference(options.id);
  if (!inference) return Pass(inference);
  const auto entries = EntriesOf(**inference, options);
  if (!entries) {
    const std::string status = (*inference)->inference.status.value_or("");
    if (entries.error().kind != ErrorKind::kNotFinished ||
        (status != "FAILED" && status != "ABORTED"))
      return Pass(entries);
    Say(entries.error());
    return ExitCode::kRunFailed;
  }
  const LastWords words("interrupted; the same command goes on where this one has ended");
  Download download(*session, *inference, options.folder, options.overwrite);
  return GetFiles(download, *entries, general);
}

void AddShow(Commands& commands) {
  const auto id = std::make_shared<std::int64_t>();
  CLI::App& show = commands.Add(commands.root(), "show", "Tell all about one inference",
                                [id](const GeneralOptions& general) { return Show(*id, general); });
  AddId(show, *id);
}

}  // namespace

void AddInferenceCommands(Commands& commands) {
  AddShow(commands);
  const auto options = std::make_shared<GetOptions>();
  CLI::App& get =
      commands.Add(commands.root(), "get", "Fetch the results of an inference into a folder",
                   [options](const GeneralOptions& general) { return Get(*options, general); });
  AddId(get, options->id);
  get.add_option("NAME", options->names,
                 "An output, as in S2C:ID:NAME, or a file of the inference's folder; without a "
                 "name all of them")
      ->type_name("");
  get.add_option("-o,--output", options->folder,
                 "The folder, which is made if need be; the current one unless given")
      ->type_name("FOLDER");
  get.add_flag("--overwrite", options->overwrite,
               "Fetch also what is there already, of the same run");
}

}  // namespace s2c
