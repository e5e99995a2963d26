// SPDX-License-Identifier: MIT
#include "client/http/retry.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "client/base/log.h"
#include "client/base/text.h"
#include "client/http/curl_date.h"

namespace s2c {
namespace {

bool IsRetryableStatus(int status) {
  switch (status) {
    case 408:  // the server gave up waiting for the request
    case 429:  // too many requests
    case 500:  // flask-rest-jsonapi's answer to a lost database connection
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

// The server may have acted on the request, and the answer to that was lost.
bool IsInDoubt(const Result<Response>& result) {
  if (!result) return result.error().kind == ErrorKind::kInterrupted;
  return result->status == 502 || result->status == 504;
}

// What came is not what the server has, and the next answer may be. An endless one in place of a
// part would cost as much again.
bool IsFlawed(const Request& request, const Result<Response>& result) {
  if (!result)
    return result.error().kind == ErrorKind::kProtocol && result.error().http_status != 200;
  return request.is_flawed && request.is_flawed(*result);
}

// RFC 9110, section 9.2.2; a PATCH may start an inference again. Who says how often it may be sent
// in doubt wants to look before that: a DELETE that was done would be answered with a 404.
bool IsIdempotent(const Request& request) {
  return !request.repeats_in_doubt && (request.method == "GET" || request.method == "DELETE");
}

bool IsWorthRepeating(const Request& request, const Result<Response>& result, int& in_doubt) {
  if (request.repeats_in_doubt) {
    if (IsInDoubt(result)) return ++in_doubt <= *request.repeats_in_doubt;
    // It has not had the request whole, or no time for it.
    if (result) return result->status == 408 || result->status == 429 || result->status == 503;
  }
  const bool idempotent = IsIdempotent(request);
  if (idempotent && IsFlawed(request, result)) return true;
  if (result)
    return idempotent && IsRetryableStatus(result->status) &&
           !(request.is_final && request.is_final(*result));
  if (result.error().kind == ErrorKind::kUnreachable) return true;
  return result.error().kind == ErrorKind::kInterrupted && idempotent;
}

// Seconds that Retry-After asks for, or that are left until its date (RFC 9110, section 10.2.3).
std::optional<double> AskedDelay(const Response& response, const Clock& clock) {
  const std::string_view asked = response.Header("retry-after");
  if (const auto seconds = ParseUnsigned(asked)) return static_cast<double>(*seconds);
  const auto until = ParseHttpDate(asked);
  if (!until) return std::nullopt;
  // From the answer's own date, where it has one: the server's clock may differ from ours.
  const auto sent = response.Time("date");
  return static_cast<double>(*until) - (sent ? static_cast<double>(*sent) : clock.EpochSeconds());
}

// Without the query, which may be long, and of a redirect's target a key to it.
void LogOutcome(const Request& request, const Result<Response>& result) {
  std::string line = request.method + " " + request.url.With(request.url.path(), "").ToString();
  if (request.range)
    line += ", bytes " + std::to_string(request.range->offset) + "-" +
            std::to_string(request.range->end() - 1);
  LogDebug(line + ": " + (result ? std::to_string(result->status) : result.error().message));
}

class RetryingExchange final : public Exchange {
 public:
  RetryingExchange(Transport& inner, const RetryPolicy& policy, Clock& clock, Random& random,
                   DeadServers& dead_servers, Request request)
      : inner_(inner),
        policy_(policy),
        clock_(clock),
        random_(random),
        dead_servers_(dead_servers),
        request_(std::move(request)),
        visit_{request_.url.Origin()} {
    Begin();
  }

  ~RetryingExchange() override { dead_servers_.Left(visit_); }

  Result<Response> WaitFor(std::size_t bytes) override {
    const Clock::TimePoint begin = clock_.Now();
    sent_in_wait_ = waits_++ == 0;
    for (;; ++retries_) {
      if (!entered_) return Pass(entered_);
      Result<Response> result = attempt_->WaitFor(bytes);
      if (!std::exchange(logged_, true) || !result) LogOutcome(request_, result);
      if (result) dead_servers_.Answered(visit_);
      const Clock::Duration delay = MayRepeat(result) ? DelayBefore(retries_, result) : kNever;
      if (delay > policy_.longest_total - (clock_.Now() - begin)) {
        if (!result) dead_servers_.Failed(visit_, result.error());
        return result;
      }
      clock_.SleepFor(delay);
      Begin();
      sent_in_wait_ = true;
    }
  }

 private:
  static constexpr Clock::Duration kNever = Clock::Duration::max();

  void Begin() {
    entered_ = dead_servers_.Enter(visit_);
    if (entered_) attempt_ = inner_.Start(request_);
    logged_ = false;
  }

  bool MayRepeat(const Result<Response>& result) {
    // Whether a server has come back is asked once.
    if (visit_.is_probe && !result && result.error().kind == ErrorKind::kUnreachable) return false;
    if (!IsAllowedAnother()) return false;
    if (!result && result.error().kind == ErrorKind::kSilent)
      return !visit_.is_probe && IsIdempotent(request_) && dead_servers_.HasAnsweredLately(visit_);
    return IsWorthRepeating(request_, result, in_doubt_);
  }

  // An earlier wait had its bytes from an attempt that broke off later: whoever waits now, perhaps
  // long after, would be told of that. He has one of his own.
  bool IsAllowedAnother() const {
    if (retries_ < policy_.max_retry) return true;
    if (retries_ > policy_.max_retry || policy_.max_retry == 0) return false;
    return !sent_in_wait_;
  }

  Clock::Duration DelayBefore(int retry, const Result<Response>& result) {
    using Seconds = std::chrono::duration<double>;
    const double longest = Seconds(policy_.longest_delay).count();
    // Between half and the whole of the step, so that clients that failed together spread out.
    double delay = policy_.delay * static_cast<double>(1 << std::min(retry, 20));
    delay *= 0.5 + 0.5 * random_.Next();
    if (result) {
      if (const auto asked = AskedDelay(*result, clock_)) delay = std::max(delay, *asked);
    }
    return std::chrono::duration_cast<Clock::Duration>(Seconds(std::min(delay, longest)));
  }

  Transport& inner_;
  const RetryPolicy& policy_;
  Clock& clock_;
  Random& random_;
  DeadServers& dead_servers_;
  const Request request_;
  DeadServers::Visit visit_;
  Status entered_;
  std::unique_ptr<Exchange> attempt_;
  bool logged_ = false;  ///< of this attempt: what comes of it is waited for part by part
  int waits_ = 0;
  bool sent_in_wait_ = false;
  int retries_ = 0;   ///< in all waits: each may have had its bytes before the answer broke off
  int in_doubt_ = 0;  ///< attempts after which nobody knows what the server has done
};

}  // namespace

RetryingTransport::RetryingTransport(Transport& inner, RetryPolicy policy, Clock& clock,
                                     Random& random, std::shared_ptr<DeadServers> dead_servers)
    : inner_(inner),
      policy_(policy),
      clock_(clock),
      random_(random),
      dead_servers_(std::move(dead_servers)) {}

std::unique_ptr<Exchange> RetryingTransport::Start(Request request) {
  return std::make_unique<RetryingExchange>(inner_, policy_, clock_, random_, *dead_servers_,
                                            std::move(request));
}

}  // namespace s2c
