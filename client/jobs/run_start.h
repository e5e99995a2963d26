// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "client/jobs/run_request.h"

namespace s2c {

/// Has an inference made, and gives its id. Where the answer is lost, the server's list says
/// whether there is one already: it is asked for once more only where there is none, and where that
/// cannot be known the error says so. `clock` is for the pause before the list is looked at.
Result<std::int64_t> StartRun(Session& session, const RunRequest& request, Clock& clock);

/// What its user is told: where it opens, and how it is waited for.
std::string StartedSentence(std::int64_t id);

}  // namespace s2c
