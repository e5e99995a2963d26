// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "client/http/exchange.h"

namespace s2c::testing_support {

/// The URL that `text` must be.
Url MakeUrl(const std::string& text);

/// An answer with this status, body and headers.
Response Answer(int status, std::string body = "", Headers headers = {});

/// The bytes of an answer, wherever it keeps them.
std::string BodyOf(const Response& response);

/// Records every request and answers from a queue, or by a function. Thread-safe. A request for
/// which no answer is left is a failure of the test. The body of an answer is placed as the real
/// transport does, by Response::Add.
class FakeTransport final : public Transport {
 public:
  using Handler = std::function<Result<Response>(const Request&)>;

  FakeTransport() = default;
  explicit FakeTransport(Handler handler) : handler_(std::move(handler)) {}

  /// Queues one answer; they go to the requests in the order of Start().
  FakeTransport& Then(Result<Response> answer);
  /// Queues an answer of which so many bytes arrive, and then this error.
  FakeTransport& ThenBreakOff(Response answer, std::size_t bytes, Error error);
  /// From here on `handler` answers.
  void AnswerBy(Handler handler);

  std::unique_ptr<Exchange> Start(Request request) override;

  std::vector<Request> requests() const;
  Request last() const;
  std::size_t count() const;
  /// How many exchanges were destroyed before all of their answer had been seen.
  std::size_t cancelled() const;

  /// Until Release(), nothing of any answer arrives, and so no wait returns.
  void Hold();
  /// Until Release(), of each 206 its head and at most so many bytes arrive in all, also of those
  /// that are on their way, and nothing of other answers.
  void LetThrough(std::size_t bytes);
  void Release();
  /// Blocks until so many threads wait for an answer.
  void AwaitWaiting(std::size_t threads);

 private:
  class FakeExchange;
  struct Planned {
    Result<Response> answer;
    std::size_t bytes = SIZE_MAX;
    Error error = {};  ///< after so many bytes
  };

  Planned Next(const Request& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Handler handler_;
  std::queue<Planned> answers_;
  std::vector<Request> requests_;
  std::set<FakeExchange*> under_way_;
  std::size_t cancelled_ = 0;
  std::size_t waiting_ = 0;
  bool held_ = false;
  std::size_t let_through_ = 0;
};

}  // namespace s2c::testing_support
