// SPDX-License-Identifier: MIT
#include "driver/run/inference_algorithms.h"

#ifdef S2C_HAS_ALGORITHMS

#include "client/base/text.h"
#include "driver/names.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

// The id alone, or S2C:ID.
Result<std::int64_t> ReadId(const std::string& text) {
  const auto name = ParseConnectionString(IsConnectionString(text) ? text : "S2C:" + text);
  if (name && name->id && !name->name) return *name->id;
  return Fail(ErrorKind::kInvalidInput, "'" + UserText(text, 100) +
                                            "' is no inference: give its id, which `gdal vector "
                                            "info S2C: --layer inference` shows");
}

}  // namespace

InferencesAlgorithm::InferencesAlgorithm(const char* name, const char* description)
    : ServiceAlgorithm(name, description) {
  AddArg("id", 0, "Id of an inference", &ids_).SetPositional().SetRequired();
  AddServiceOptions("open-option").AddAlias("oo");
}

bool InferencesAlgorithm::Do(const Progress& progress) {
  // What is no id is seen before anything is done to the others.
  std::vector<std::int64_t> ids;
  for (const std::string& text : ids_) {
    const auto id = ReadId(text);
    if (!id) {
      Report(id.error());
      return false;
    }
    ids.push_back(*id);
  }
  CPLJSONArray records;
  bool are_done = true;
  const double share = 1.0 / static_cast<double>(ids.size());
  for (std::size_t i = 0; i < ids.size() && goes_on(); ++i) {
    CPLJSONObject record;
    record.Add("id", static_cast<GInt64>(ids[i]));
    const Progress part{progress.call, progress.data, static_cast<double>(i) * share, share};
    const auto session = OpenSession(kVsiPrefix + std::to_string(ids[i]));
    const bool is_done =
        session ? DoOne(*session, ids[i], part, record) : Refuse(session.error(), record);
    are_done = are_done && is_done;
    records.Add(record);
  }
  Answer(records.Format(CPLJSONObject::PrettyFormat::Pretty));
  const std::size_t left = ids.size() - static_cast<std::size_t>(records.Size());
  if (left == 0 || !are_done) return are_done;
  Report(Error{ErrorKind::kInvalidInput,
               "cancelled: " + std::to_string(left) + " of " + std::to_string(ids.size()) +
                   " inferences are left as they are, so name those again",
               0});
  return false;
}

WaitAlgorithm::WaitAlgorithm()
    : InferencesAlgorithm("wait", "Wait until inferences of Sen2Cube.AT have ended.") {
  AddWaitTimeout();
}

bool WaitAlgorithm::DoOne(const std::shared_ptr<Session>& session, std::int64_t id,
                          const Progress& progress, CPLJSONObject& record) {
  record.AddNull("status");
  record.AddNull("error");
  return Wait(session, id, progress, record);
}

ChangeAlgorithm::ChangeAlgorithm(const char* name, const char* description, RunAction action,
                                 const char* done)
    : InferencesAlgorithm(name, description), action_(action), done_(done) {
  AddArg("dry-run", 0, "Say what would be done, and do nothing", &dry_run_);
}

bool ChangeAlgorithm::DoOne(const std::shared_ptr<Session>& session, std::int64_t id,
                            const Progress& progress, CPLJSONObject& record) {
  const auto done = Act(*session, id, action_, dry_run_);
  record.Add("result", !done ? "failed" : dry_run_ ? "would be " + done_ : done_);
  record.AddNull("error");
  if (!done) return Refuse(done.error(), record);
  Tell(progress, 1, GetName() + " " + std::to_string(id));
  return true;
}

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
