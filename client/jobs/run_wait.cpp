// SPDX-License-Identifier: MIT
#include "client/jobs/run_wait.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "client/base/log.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::chrono::milliseconds kTick{200};  // how often the report is asked
constexpr double kGrowth = 1.5;                  // of the interval between two looks
constexpr double kShortest = 0.2;                // seconds between two looks

using Seconds = std::chrono::duration<double>;

// One question to the service, which a wait may leave behind: the thread ends with its answer.
class Look {
 public:
  static std::shared_ptr<Look> Begin(const std::shared_ptr<Session>& session, std::int64_t id) {
    auto look = std::make_shared<Look>();
    std::thread([look, session, id] {
      BlockSignalsInThisThread();
      look->End(session->GetResource("inference", id, {"status", "status_message"}));
    }).detach();
    return look;
  }

  /// Nothing until the answer is there; waits for it no longer than a tick.
  std::optional<Result<JsonDocument>> Answer() {
    std::unique_lock<std::mutex> lock(mutex_);
    ended_.wait_for(lock, kTick, [&] { return answer_.has_value(); });
    return answer_;
  }

 private:
  void End(Result<JsonDocument> answer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answer_ = std::move(answer);
    ended_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<Result<JsonDocument>> answer_;
};

// What another look may find mended.
bool IsPassing(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kUnreachable:
    case ErrorKind::kInterrupted:
    case ErrorKind::kSilent:
    case ErrorKind::kServer:
    case ErrorKind::kProtocol:
      return true;
    default:
      return false;
  }
}

// Runs take about a minute; whoever waits longer sees that it goes on, ever more slowly.
double ShareOf(const std::string& status, double seconds_in_state) {
  if (status == "SUCCEEDED") return 1;
  if (status == "SCHEDULED") return 0.05;
  if (status == "STARTED") return 0.1 + 0.85 * (1 - std::exp(-seconds_in_state / 60));
  return 0;
}

class Wait {
 public:
  Wait(std::shared_ptr<Session> session, std::int64_t id, const WaitPolicy& policy,
       const ProgressReport& report, Clock& clock)
      : session_(std::move(session)),
        policy_(policy),
        report_(report),
        clock_(clock),
        begun_(clock.Now()),
        state_since_(begun_) {
    progress_.id = id;
  }

  Result<WaitResult> Run() {
    double interval = Shortest();
    for (;;) {
      const auto look = Look::Begin(session_, progress_.id);
      std::optional<Result<JsonDocument>> answer;
      while (!(answer = look->Answer())) {
        if (!Report()) return Left(RunEnd::kCancelled);
        if (IsOver()) return Left(RunEnd::kTimedOut);
      }
      const std::string before = progress_.status;
      const auto ended = Take(*answer);
      if (!ended) return Pass(ended);
      const bool goes_on = Report();
      if (*ended) return **ended;
      if (!goes_on) return Left(RunEnd::kCancelled);
      interval = progress_.status == before
                     ? std::min(interval * kGrowth, std::max(policy_.poll_interval, Shortest()))
                     : Shortest();
      const Clock::TimePoint next =
          clock_.Now() + std::chrono::duration_cast<Clock::Duration>(Seconds(interval));
      while (clock_.Now() < next) {
        clock_.SleepFor(std::min<Clock::Duration>(kTick, next - clock_.Now()));
        if (!Report()) return Left(RunEnd::kCancelled);
        if (IsOver()) return Left(RunEnd::kTimedOut);
      }
    }
  }

 private:
  double Shortest() const { return std::max(policy_.poll_interval / 10, kShortest); }
  double Elapsed() const { return Seconds(clock_.Now() - begun_).count(); }
  bool IsOver() const { return Elapsed() >= policy_.timeout; }

  bool Report() {
    progress_.seconds = Elapsed();
    const double in_state = Seconds(clock_.Now() - state_since_).count();
    progress_.share = std::max(progress_.share, ShareOf(progress_.status, in_state));
    return !report_ || report_(progress_);
  }

  // The end, where this is one; nothing where the run goes on, or where that is not known.
  Result<std::optional<WaitResult>> Take(const Result<JsonDocument>& answer) {
    if (!answer) {
      if (!IsPassing(answer.error())) return Pass(answer);
      if (progress_.trouble.empty()) LogDebug("the wait goes on, though " + answer.error().message);
      progress_.trouble = answer.error().message;
      return std::optional<WaitResult>();
    }
    const JsonValue* const data = FindAt(*answer, {"data"});
    const auto inference = data ? ReadInference(*data) : std::nullopt;
    if (!inference)
      return Fail(ErrorKind::kNotFound,
                  "there is no inference " + std::to_string(progress_.id) +
                      " for this user (any more): look the id up (ogrinfo S2C: inference)");
    progress_.trouble.clear();
    const std::string status = inference->status.value_or("");
    if (status != progress_.status) {
      progress_.status = status;
      state_since_ = clock_.Now();
    }
    const Status finished = CheckFinished(*inference);
    if (finished) return std::optional<WaitResult>(WaitResult{RunEnd::kSucceeded, {}});
    if (status == "FAILED" || status == "ABORTED")
      return std::optional<WaitResult>(
          WaitResult{status == "FAILED" ? RunEnd::kFailed : RunEnd::kAborted, finished.error()});
    return std::optional<WaitResult>();
  }

  WaitResult Left(RunEnd end) const {
    const std::string id = std::to_string(progress_.id);
    std::string message = "inference " + id + " goes on";
    if (!progress_.status.empty()) message += " (" + OneLine(progress_.status, 40) + ")";
    if (end == RunEnd::kTimedOut) {
      message += ", but is waited for no longer than WAIT_TIMEOUT";
    } else {
      message += ", and is waited for no longer";
    }
    if (!progress_.trouble.empty()) message += " (" + progress_.trouble + ")";
    message += ": `s2c wait " + id + "` goes on, or open S2C:" + id + " with WAIT=YES";
    return {end, Error{ErrorKind::kNotFinished, message, 0}};
  }

  const std::shared_ptr<Session> session_;
  const WaitPolicy policy_;
  const ProgressReport& report_;
  Clock& clock_;
  const Clock::TimePoint begun_;
  Clock::TimePoint state_since_;
  RunProgress progress_;
};

}  // namespace

Result<WaitResult> WaitForRun(const std::shared_ptr<Session>& session, std::int64_t id,
                              const WaitPolicy& policy, const ProgressReport& report,
                              Clock& clock) {
  return Wait(session, id, policy, report, clock).Run();
}

}  // namespace s2c
