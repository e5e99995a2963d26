// SPDX-License-Identifier: MIT
#include "client/jobs/run_change.h"

#include <algorithm>
#include <vector>

#include "client/base/text.h"
#include "client/jobs/resource_change.h"

namespace s2c {
namespace {

constexpr const char* kType = "inference";

struct Rule {
  const char* done;
  const char* allowed;
  std::vector<std::string> from;
  const char* status;  ///< that is set; null for a deletion
};

Rule RuleOf(RunAction action) {
  const std::vector<std::string> ended = {"ABORTED", "FAILED", "SUCCEEDED"};
  switch (action) {
    case RunAction::kRerun:
      return {"run again", "one that has ended can be", ended, "CREATED"};
    case RunAction::kAbort:
      return {"aborted",
              "one that is under way can be",
              {"CREATED", "SCHEDULED", "STARTED"},
              "ABORTED"};
    case RunAction::kDelete:
      break;
  }
  return {"deleted", "one that has ended can be", ended, nullptr};
}

bool IsAmong(const std::vector<std::string>& states, const std::string& status) {
  return std::find(states.begin(), states.end(), status) != states.end();
}

Result<std::string> StatusOf(Session& session, std::int64_t id) {
  const auto document = session.GetResource(kType, id, {"status"});
  if (!document) return Pass(document);
  const JsonValue* const data = FindAt(*document, {"data"});
  const auto inference = data ? ReadInference(*data) : std::nullopt;
  if (!inference)
    return Fail(ErrorKind::kNotFound, "there is no inference " + std::to_string(id) +
                                          " for this user: look the id up (ogrinfo S2C: "
                                          "inference)");
  return inference->status.value_or("");
}

}  // namespace

Status CheckAction(std::int64_t id, const std::string& status, RunAction action) {
  const Rule rule = RuleOf(action);
  if (IsAmong(rule.from, status)) return {};
  std::string states;
  for (const std::string& state : rule.from) states += (states.empty() ? "" : ", ") + state;
  return Fail(ErrorKind::kInvalidInput,
              "inference " + std::to_string(id) + " cannot be " + rule.done + ": its status is " +
                  OneLine(status.empty() ? "unknown" : status, 40) + ", and " + rule.allowed +
                  " (" + states + ")" +
                  (action == RunAction::kDelete && IsAmong(RuleOf(RunAction::kAbort).from, status)
                       ? "; abort it first"
                       : ""));
}

Status Act(Session& session, std::int64_t id, RunAction action, bool dry_run) {
  const auto status = StatusOf(session, id);
  if (!status) return Pass(status);
  const Status allowed = CheckAction(id, *status, action);
  if (!allowed || dry_run) return allowed;
  if (action == RunAction::kDelete) return DeleteResource(session, kType, id);
  const Rule rule = RuleOf(action);
  // A run that was begun anew may have gone on since; one that could be aborted was not before.
  const std::vector<std::string> happened = action == RunAction::kRerun
                                                ? RuleOf(RunAction::kAbort).from
                                                : std::vector<std::string>{"ABORTED"};
  return ChangeResource(session, kType, id, {{"status", JsonText(rule.status)}},
                        [&](const JsonValue& attributes) {
                          return IsAmong(happened, TextAt(attributes, "status").value_or(""));
                        });
}

Status ChangeInference(Session& session, std::int64_t id, const InferenceChange& change) {
  JsonAttributes attributes;
  if (change.comment) attributes.emplace_back("comment", JsonText(*change.comment));
  if (change.favourite) attributes.emplace_back("favourite", *change.favourite ? "true" : "false");
  if (attributes.empty()) return {};
  return ChangeResource(session, kType, id, attributes, [&](const JsonValue& found) {
    const auto is = [&](const char* name, const std::string& value) {
      return TextAt(found, name) == value;
    };
    return (!change.comment || is("comment", *change.comment)) &&
           (!change.favourite || is("favourite", *change.favourite ? "true" : "false"));
  });
}

}  // namespace s2c
