// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <vector>

#include "client/http/exchange.h"

namespace s2c::testing_support {

/// The URL that `text` must be.
Url MakeUrl(const std::string& text);

/// An answer with this status, body and headers.
Response Answer(int status, std::string body = "", Headers headers = {});

/// Records every request and answers from a queue, or by a function. Thread-safe. A request for
/// which no answer is left is a failure of the test.
class FakeTransport final : public Transport {
 public:
  using Handler = std::function<Result<Response>(const Request&)>;

  FakeTransport() = default;
  explicit FakeTransport(Handler handler) : handler_(std::move(handler)) {}

  /// Queues one answer; they go to the requests in the order of Start().
  FakeTransport& Then(Result<Response> answer);
  /// From here on `handler` answers.
  void AnswerBy(Handler handler);

  std::unique_ptr<Exchange> Start(Request request) override;

  std::vector<Request> requests() const;
  Request last() const;
  std::size_t count() const;
  /// How many exchanges were destroyed without Wait().
  std::size_t cancelled() const;

  /// Until Release(), no Wait() returns.
  void Hold();
  void Release();
  /// Blocks until so many threads are inside Wait().
  void AwaitWaiting(std::size_t threads);

 private:
  class FakeExchange;
  void Pass();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Handler handler_;
  std::queue<Result<Response>> answers_;
  std::vector<Request> requests_;
  std::size_t cancelled_ = 0;
  std::size_t waiting_ = 0;
  bool held_ = false;
};

}  // namespace s2c::testing_support
