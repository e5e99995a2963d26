// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "client/base/clock.h"
#include "client/http/dead_servers.h"
#include "client/http/exchange.h"

namespace s2c {

struct RetryPolicy {
  /// So at most max_retry + 1 attempts, and where there are any one more for a later wait, for
  /// which none was left.
  int max_retry = 3;
  double delay = 0.5;  ///< seconds before the first retry, doubled for each next
  std::chrono::seconds longest_delay{30};   ///< also for what Retry-After asks
  std::chrono::seconds longest_total{120};  ///< no retry is begun later than this
};

/// Repeats what a repetition can mend: a refused connection, a broken one, 408, 429, 500, 502, 503
/// and 504 (RFC 9110, section 15), and an answer that is flawed or cannot be taken. Waits
/// exponentially longer with jitter, or as Retry-After says. What is not idempotent (POST) is
/// repeated only if nothing of it has left, or as far as the request says. Silence costs as long
/// again, so it is repeated only where the server has answered somebody within the last minute; one
/// that was found dead is left alone for a while. Thread-safe.
class RetryingTransport final : public Transport {
 public:
  /// All references must outlive the transport and its exchanges.
  RetryingTransport(Transport& inner, RetryPolicy policy, Clock& clock, Random& random,
                    std::shared_ptr<DeadServers> dead_servers);

  std::unique_ptr<Exchange> Start(Request request) override;

 private:
  Transport& inner_;
  const RetryPolicy policy_;
  Clock& clock_;
  Random& random_;
  const std::shared_ptr<DeadServers> dead_servers_;
};

}  // namespace s2c
