// SPDX-License-Identifier: MIT
#include "apps/waiting.h"

#include <algorithm>
#include <cstdio>

#include "apps/console.h"
#include "apps/interruption.h"
#include "apps/progress_bar.h"
#include "vsi/paths.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

constexpr std::size_t kBarColumns = 22;

struct WaitOptions {
  std::vector<std::int64_t> ids;
  std::optional<double> timeout;
};

std::string ProgressText(const RunProgress& progress) {
  char numbers[64];
  std::snprintf(numbers, sizeof(numbers), " about %.0f %%, %.0f s", progress.share * 100,
                progress.seconds);
  std::string text = BarText(progress.share, kBarColumns) + numbers + ", inference " +
                     std::to_string(progress.id) + " " + progress.status;
  return progress.trouble.empty() ? text : text + " (" + progress.trouble + ")";
}

ExitCode CodeOf(RunEnd end) {
  switch (end) {
    case RunEnd::kSucceeded:
      return ExitCode::kDone;
    case RunEnd::kFailed:
    case RunEnd::kAborted:
      return ExitCode::kRunFailed;
    case RunEnd::kTimedOut:
    case RunEnd::kCancelled:
      break;
  }
  return ExitCode::kNotFinished;
}

const char* StatusOf(RunEnd end) {
  switch (end) {
    case RunEnd::kSucceeded:
      return "SUCCEEDED";
    case RunEnd::kFailed:
      return "FAILED";
    case RunEnd::kAborted:
      return "ABORTED";
    case RunEnd::kTimedOut:
    case RunEnd::kCancelled:
      break;
  }
  return nullptr;
}

std::string HowToGoOn(const std::vector<std::int64_t>& ids) {
  std::string command = "s2c wait";
  for (const std::int64_t id : ids) command += " " + std::to_string(id);
  return "interrupted; the service goes on without this program, and '" + command + "' waits again";
}

double SecondsBetween(Clock::TimePoint from, Clock::TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

// The timeout is that of all together. Whatever becomes of one, the others are waited for.
Result<ExitCode> Wait(const WaitOptions& options, const GeneralOptions& general) {
  if (options.ids.empty())
    return Fail(ErrorKind::kInvalidInput, "nothing to wait for: give the number of an inference");
  const auto given = WaitPolicyOf(general, options.timeout);
  if (!given) return Pass(given);
  Answer answer(general.json, {"id", "status", "error"});
  std::vector<std::int64_t> left = options.ids;
  ExitCode code = ExitCode::kDone;
  const Clock::TimePoint start = SystemClock().Now();
  for (const std::int64_t id : options.ids) {
    WaitPolicy policy = *given;
    policy.timeout = std::max(0.0, policy.timeout - SecondsBetween(start, SystemClock().Now()));
    const auto session = general.OpenSession(id);
    const Waited waited = session
                              ? WaitFor(*session, id, left, policy)
                              : Waited{id, "", session.error(), ExitCodeOf(session.error().kind)};
    left.erase(left.begin());
    if (waited.error) Say(*waited.error);
    if (code == ExitCode::kDone) code = waited.code;
    Record record;
    record.Set("id", id);
    record.Set("status", waited.status.empty() ? std::nullopt : std::optional(waited.status));
    record.Set("error", waited.error ? std::optional(waited.error->message) : std::nullopt);
    answer.Add(record);
  }
  answer.End();
  return code;
}

}  // namespace

void AddWaitTimeout(CLI::App& command, std::optional<double>& timeout) {
  command
      .add_option_function<double>(
          "--wait-timeout", [&timeout](double seconds) { timeout = seconds; },
          "Wait no longer than that; 3600 unless given (or WAIT_TIMEOUT)")
      ->type_name("SECONDS");
}

Result<WaitPolicy> WaitPolicyOf(const GeneralOptions& general, std::optional<double> timeout) {
  if (timeout && !(*timeout >= 0))
    return Fail(ErrorKind::kInvalidInput, "--wait-timeout is no number of seconds");
  const auto settings = ReadWaitSettings(kVsiPrefix, general.open_options.List());
  if (!settings) return Pass(settings);
  WaitPolicy policy = settings->policy;
  policy.timeout = timeout.value_or(policy.timeout);
  return policy;
}

Waited WaitFor(const std::shared_ptr<Session>& session, std::int64_t id,
               const std::vector<std::int64_t>& waiting_for, const WaitPolicy& policy) {
  const LastWords words(HowToGoOn(waiting_for));
  Waited waited;
  waited.id = id;
  const auto result = WaitForRun(
      session, id, policy,
      [&](const RunProgress& progress) {
        if (!progress.status.empty()) waited.status = progress.status;
        ShowProgress(ProgressText(progress));
        return true;
      },
      SystemClock());
  EndProgress();
  if (!result) {
    waited.error = result.error();
    waited.code = ExitCodeOf(result.error().kind);
    return waited;
  }
  waited.code = CodeOf(result->end);
  if (const char* const status = StatusOf(result->end)) waited.status = status;
  if (result->end != RunEnd::kSucceeded) waited.error = result->error;
  return waited;
}

void AddWaitCommand(Commands& commands) {
  const auto options = std::make_shared<WaitOptions>();
  CLI::App& wait =
      commands.Add(commands.root(), "wait", "Wait until inferences have ended",
                   [options](const GeneralOptions& general) { return Wait(*options, general); });
  AddIds(wait, options->ids);
  AddWaitTimeout(wait, options->timeout);
}

}  // namespace s2c
