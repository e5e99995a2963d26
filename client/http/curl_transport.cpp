// SPDX-License-Identifier: MIT
#include "client/http/curl_transport.h"

#include <curl/curl.h>

#include <thread>
#include <vector>

#include "client/base/per_process.h"
#include "client/http/curl_loop.h"

namespace s2c {
namespace {

class CurlExchange final : public Exchange {
 public:
  CurlExchange(CurlTransport& transport, std::shared_ptr<CurlTransport::Loop> loop,
               std::shared_ptr<Transfer> transfer)
      : transport_(transport), loop_(std::move(loop)), transfer_(std::move(transfer)) {}

  ~CurlExchange() override {
    if (loop_->IsOfThisProcess()) loop_->Cancel(transfer_);
  }

  Result<Response> WaitFor(std::size_t bytes) override {
    // A fork between Start() and here: the thread that drives the transfer is the parent's.
    if (!loop_->IsOfThisProcess()) return transport_.Send(transfer_->request);
    return loop_->WaitFor(*transfer_, bytes);
  }

 private:
  CurlTransport& transport_;
  const std::shared_ptr<CurlTransport::Loop> loop_;
  const std::shared_ptr<Transfer> transfer_;
};

}  // namespace

CurlTransport::CurlTransport(ConnectionSettings settings) : settings_(std::move(settings)) {}

CurlTransport::~CurlTransport() {
  if (loop_ && loop_->IsOfThisProcess()) loop_->Stop();
}

std::shared_ptr<CurlTransport::Loop> CurlTransport::CurrentLoop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (loop_ && !loop_->IsOfThisProcess()) {
    // The parent's connections must not be closed from here (a TLS close would reach the server),
    // so that loop is given up without being destroyed.
    LeaveToParent(std::move(loop_));
    loop_.reset();
  }
  if (!loop_ || loop_->IsWithoutThread()) loop_ = Loop::Begin(settings_);
  return loop_;
}

std::unique_ptr<Exchange> CurlTransport::Start(Request request) {
  std::shared_ptr<Loop> loop = CurrentLoop();
  auto transfer = std::make_shared<Transfer>();
  transfer->request = std::move(request);
  loop->Add(transfer);
  return std::make_unique<CurlExchange>(*this, std::move(loop), std::move(transfer));
}

}  // namespace s2c
