// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/answer.h"
#include "apps/commands.h"
#include "client/jobs/run_wait.h"

namespace s2c {

/// Seconds, in place of the option WAIT_TIMEOUT.
void AddWaitTimeout(CLI::App& command, std::optional<double>& timeout);
Result<WaitPolicy> WaitPolicyOf(const GeneralOptions& general, std::optional<double> timeout);

/// How the wait for one inference has ended.
struct Waited {
  std::int64_t id = 0;
  std::string status;  ///< the last one that the service has told
  std::optional<Error> error;
  ExitCode code = ExitCode::kDone;
};

/// Waits for one inference, with a line that tells how it stands on a terminal. `id` is the one of
/// this wait, `waiting_for` all that the user waits for, which Ctrl-C tells how to go on with.
Waited WaitFor(const std::shared_ptr<Session>& session, std::int64_t id,
               const std::vector<std::int64_t>& waiting_for, const WaitPolicy& policy);

/// wait.
void AddWaitCommand(Commands& commands);

}  // namespace s2c
