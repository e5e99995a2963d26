// SPDX-License-Identifier: MIT
#include "client/io/block_fetch.h"

#include <exception>
#include <string>

namespace s2c {

void BlockFetch::Begin(std::unique_ptr<Exchange> exchange) {
  const std::lock_guard<std::mutex> lock(mutex_);
  exchange_ = std::move(exchange);
  state_ = State::kBegun;
  changed_.notify_all();
}

bool BlockFetch::IsDone() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_ == State::kDone;
}

Result<BlockRun> BlockFetch::Wait(const Finish& finish) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return state_ == State::kBegun || state_ == State::kDone; });
  if (state_ == State::kDone) return *result_;
  state_ = State::kDriven;
  lock.unlock();
  // Others wait for the outcome, so there must be one.
  Result<BlockRun> result = Fail(ErrorKind::kServer, "a request could not be made");
  try {
    if (exchange_) result = finish(exchange_->Wait());
  } catch (const std::exception& exception) {
    result = Fail(ErrorKind::kServer, std::string("internal failure: ") + exception.what());
  }
  lock.lock();
  exchange_.reset();
  result_ = result;
  state_ = State::kDone;
  changed_.notify_all();
  return result;
}

}  // namespace s2c
