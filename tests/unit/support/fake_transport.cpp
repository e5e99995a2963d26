// SPDX-License-Identifier: MIT
#include "tests/unit/support/fake_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

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

std::string BodyOf(const Response& response) {
  std::string bytes = response.body;
  if (response.whole) {
    bytes.resize(static_cast<std::size_t>(response.whole->size()));
    EXPECT_TRUE(response.whole->ReadAt(0, bytes.data(), bytes.size()));
  }
  if (!response.part) return bytes;
  // Asked once: more may arrive meanwhile.
  const std::size_t end = response.part->size();
  for (std::size_t at = 0; at < end; at += Body::kChunk) {
    const std::size_t size = std::min(Body::kChunk, end - at);
    bytes.append(response.part->chunk(at / Body::kChunk).get(), size);
  }
  return bytes;
}

// All of it is guarded by the transport's mutex.
class FakeTransport::FakeExchange final : public Exchange {
 public:
  FakeExchange(FakeTransport& transport, Request request, Planned planned)
      : transport_(transport), request_(std::move(request)), planned_(std::move(planned)) {
    if (planned_.answer) {
      response_ = *planned_.answer;
      content_.swap(response_.body);
    }
    transport_.under_way_.insert(this);
    Arrive();
  }

  ~FakeExchange() override {
    const std::lock_guard<std::mutex> lock(transport_.mutex_);
    transport_.under_way_.erase(this);
    const bool seen = has_ended_ || (has_begun_ && arrived_ == content_.size());
    if (!seen) ++transport_.cancelled_;
  }

  Result<Response> WaitFor(std::size_t bytes) override {
    std::unique_lock<std::mutex> lock(transport_.mutex_);
    EXPECT_FALSE(has_ended_) << "a wait after the end";
    const auto has_arrived = [&] { return response_.part && response_.part->size() >= bytes; };
    ++transport_.waiting_;
    transport_.changed_.notify_all();
    transport_.changed_.wait(lock, [&] { return outcome_ || has_arrived(); });
    --transport_.waiting_;
    if (!outcome_) {
      has_begun_ = true;
      Response begun = response_;
      begun.complete = false;
      return begun;
    }
    has_ended_ = true;
    return *outcome_;
  }

  // What is let through now.
  void Arrive() {
    if (outcome_) return;
    const bool is_part = request_.range && response_.status == 206;
    const std::size_t most = !transport_.held_ ? SIZE_MAX : is_part ? transport_.let_through_ : 0;
    const std::size_t to = std::min({most, planned_.bytes, content_.size()});
    if (to > arrived_) {
      const Status added = response_.Add(request_, content_.data() + arrived_, to - arrived_);
      arrived_ = to;
      if (!added) outcome_ = tl::unexpected<Error>(added.error());
    }
    if (outcome_ || transport_.held_) return;
    if (!planned_.answer) {
      outcome_ = planned_.answer;
    } else if (planned_.bytes < SIZE_MAX) {
      outcome_ = tl::unexpected<Error>(planned_.error);
    } else {
      outcome_ = response_;
    }
  }

 private:
  FakeTransport& transport_;
  const Request request_;
  const Planned planned_;
  std::string content_;
  Response response_;
  std::size_t arrived_ = 0;
  std::optional<Result<Response>> outcome_;
  bool has_begun_ = false;
  bool has_ended_ = false;
};

FakeTransport& FakeTransport::Then(Result<Response> answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answers_.push(Planned{std::move(answer)});
  return *this;
}

FakeTransport& FakeTransport::ThenBreakOff(Response answer, std::size_t bytes, Error error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answers_.push(Planned{std::move(answer), bytes, std::move(error)});
  return *this;
}

void FakeTransport::AnswerBy(Handler handler) {
  const std::lock_guard<std::mutex> lock(mutex_);
  handler_ = std::move(handler);
}

std::unique_ptr<Exchange> FakeTransport::Start(Request request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  requests_.push_back(request);
  Planned planned = Next(request);
  return std::make_unique<FakeExchange>(*this, std::move(request), std::move(planned));
}

FakeTransport::Planned FakeTransport::Next(const Request& request) {
  if (!answers_.empty()) {
    Planned planned = std::move(answers_.front());
    answers_.pop();
    return planned;
  }
  if (handler_) return Planned{handler_(request)};
  ADD_FAILURE() << "no answer is left for " << request.method << " " << request.url.ToString();
  return Planned{Fail(ErrorKind::kServer, "no answer is left")};
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

void FakeTransport::Hold() { LetThrough(0); }

void FakeTransport::LetThrough(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_ = true;
  let_through_ = bytes;
  for (FakeExchange* const exchange : under_way_) exchange->Arrive();
  changed_.notify_all();
}

void FakeTransport::Release() {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_ = false;
  for (FakeExchange* const exchange : under_way_) exchange->Arrive();
  changed_.notify_all();
}

void FakeTransport::AwaitWaiting(std::size_t threads) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= threads; });
}

}  // namespace s2c::testing_support
