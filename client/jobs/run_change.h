// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client/session.h"

namespace s2c {

/// What can be done to a run.
enum class RunAction {
  kRerun,   ///< from ABORTED, FAILED, SUCCEEDED
  kAbort,   ///< from CREATED, SCHEDULED, STARTED
  kDelete,  ///< once it has ended
};

/// kInvalidInput, naming the state and what is allowed, where the run's state does not allow it.
Status CheckAction(std::int64_t id, const std::string& status, RunAction action);

/// Looks at the state, checks it, and does it, once: where the answer is lost, it is looked at what
/// has become of it. kNotFound for an unknown inference. With `dry_run` all but the deed.
Status Act(Session& session, std::int64_t id, RunAction action, bool dry_run = false);

/// What of an inference its owner may change; nothing: it stays.
struct InferenceChange {
  std::optional<std::string> comment;
  std::optional<bool> favourite;
};
Status ChangeInference(Session& session, std::int64_t id, const InferenceChange& change);

}  // namespace s2c
