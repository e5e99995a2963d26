// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "client/session.h"

namespace s2c {

struct WaitPolicy {
  double timeout = 3600;     ///< seconds
  double poll_interval = 5;  ///< seconds, the longest; it begins with a tenth of that
};

/// How a run stands, as far as it is known.
struct RunProgress {
  std::int64_t id = 0;
  std::string status;  ///< empty until the service has said it once
  double seconds = 0;  ///< since the wait began
  /// From 0 to 1, never less than before. The service gives no figure (its status_progress is
  /// always null): this is made of state and time.
  double share = 0;
  std::string trouble;  ///< why nothing newer is known; empty where all is well
};

/// Is called several times a second, in the thread that waits; false ends the wait.
using ProgressReport = std::function<bool(const RunProgress&)>;

enum class RunEnd {
  kSucceeded,
  kFailed,     ///< FAILED
  kAborted,    ///< ABORTED
  kTimedOut,   ///< WAIT_TIMEOUT is over; it goes on at the service
  kCancelled,  ///< by the report; it goes on at the service
};

struct WaitResult {
  RunEnd end = RunEnd::kSucceeded;
  Error error;  ///< one sentence that says why it has not succeeded and what to do
};

/// Waits until a run has ended. The service is asked after a tenth of the poll interval, then ever
/// less often, and soon again when its state has changed. A lost connection and a login that must
/// be renewed are mended within the timeout. An error is what waiting does not mend: an unknown
/// inference, a login that is refused. Ends within a fraction of a second once `report` says so,
/// also while an answer is awaited.
Result<WaitResult> WaitForRun(const std::shared_ptr<Session>& session, std::int64_t id,
                              const WaitPolicy& policy, const ProgressReport& report, Clock& clock);

}  // namespace s2c
