// SPDX-License-Identifier: MIT
#include "tests/unit/support/fake_transport.h"

#include <gtest/gtest.h>

namespace s2c::testing_support {

Url MakeUrl(const std::string& text) {
  Result<Url> url = Url::Parse(text);
  if (url) return *url;
  ADD_FAILURE() << url.error().message;
  return Url();
}

Response Answer(int status, std::string body, Headers headers) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

class FakeTransport::FakeExchange final : public Exchange {
 public:
  FakeExchange(FakeTransport& transport, Result<Response> answer)
      : transport_(transport), answer_(std::move(answer)) {}

  ~FakeExchange() override {
    if (waited_) return;
    const std::lock_guard<std::mutex> lock(transport_.mutex_);
    ++transport_.cancelled_;
  }

  Result<Response> Wait() override {
    EXPECT_FALSE(waited_) << "Wait() is called once";
    waited_ = true;
    transport_.Pass();
    return std::move(answer_);
  }

 private:
  FakeTransport& transport_;
  Result<Response> answer_;
  bool waited_ = false;
};

FakeTransport& FakeTransport::Then(Result<Response> answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answers_.push(std::move(answer));
  return *this;
}

void FakeTransport::AnswerBy(Handler handler) {
  const std::lock_guard<std::mutex> lock(mutex_);
  handler_ = std::move(handler);
}

std::unique_ptr<Exchange> FakeTransport::Start(Request request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  requests_.push_back(request);
  if (!answers_.empty()) {
    Result<Response> answer = std::move(answers_.front());
    answers_.pop();
    return std::make_unique<FakeExchange>(*this, std::move(answer));
  }
  if (handler_) return std::make_unique<FakeExchange>(*this, handler_(request));
  ADD_FAILURE() << "no answer is left for " << request.method << " " << request.url.ToString();
  return std::make_unique<FakeExchange>(*this, Fail(ErrorKind::kServer, "no answer is left"));
}

std::vector<Request> FakeTransport::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

Request FakeTransport::last() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!requests_.empty()) return requests_.back();
  ADD_FAILURE() << "no request was sent";
  return Request();
}

std::size_t FakeTransport::count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_.size();
}

std::size_t FakeTransport::cancelled() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return cancelled_;
}

void FakeTransport::Hold() {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_ = true;
}

void FakeTransport::Release() {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

void FakeTransport::AwaitWaiting(std::size_t threads) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= threads; });
}

void FakeTransport::Pass() {
  std::unique_lock<std::mutex> lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return !held_; });
  --waiting_;
}

}  // namespace s2c::testing_support
