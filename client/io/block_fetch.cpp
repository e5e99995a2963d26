// SPDX-License-Identifier: MIT
#include "client/io/block_fetch.h"

#include <exception>
#include <string>

namespace s2c {

void BlockFetch::Begin(std::unique_ptr<Exchange> exchange) {
  const std::lock_guard<std::mutex> lock(mutex_);
  exchange_ = std::move(exchange);
  if (!exchange_) failure_ = Error{ErrorKind::kServer, "a request could not be made", 0};
  is_begun_ = true;
  changed_.notify_all();
}

void BlockFetch::Bring(Result<BlockRun> run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (run) {
    run_ = std::move(*run);
  } else {
    failure_ = std::move(run.error());
  }
  is_begun_ = true;
  changed_.notify_all();
}

bool BlockFetch::IsDone() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_ || (run_ && run_->IsWhole());
}

std::optional<BlockRun> BlockFetch::Whole() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return run_ && run_->IsWhole() ? run_ : std::nullopt;
}

Result<BlockRun> BlockFetch::WaitFor(std::uint64_t block, const Take& take) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (run_ && (run_->Get(block) || run_->IsWhole())) return *run_;
    if (failure_) return tl::unexpected<Error>(*failure_);
    if (!is_begun_ || is_driven_) {
      changed_.wait(lock);
      continue;
    }
    is_driven_ = true;
    const std::shared_ptr<const Body> known = run_ ? run_->body : nullptr;
    lock.unlock();
    Step step = Drive(block, known, take);
    lock.lock();
    is_driven_ = false;
    if (step.run) run_ = std::move(step.run);
    failure_ = std::move(step.failure);
    changed_.notify_all();
  }
}

BlockFetch::Step BlockFetch::Drive(std::uint64_t block, const std::shared_ptr<const Body>& known,
                                   const Take& take) {
  Step step;
  // Others wait for the outcome, so there must be one.
  try {
    const auto bytes = static_cast<std::size_t>((block - first_ + 1) * kBlockSize);
    const Result<Response> answer = exchange_->WaitFor(bytes);
    // A repeated request brings another body, whose head is looked at as well.
    if (answer && !answer->complete && answer->part == known) return step;
    Result<BlockRun> run = take(answer);
    const bool has_ended = !run || !answer || answer->complete;
    if (has_ended) exchange_.reset();
    if (run && has_ended && !run->IsWhole())
      run = Fail(ErrorKind::kProtocol, "bytes are missing from an answer");
    if (run) {
      step.run = std::move(*run);
    } else {
      step.failure = std::move(run.error());
    }
  } catch (const std::exception& exception) {
    step.failure =
        Error{ErrorKind::kServer, std::string("internal failure: ") + exception.what(), 0};
  }
  return step;
}

}  // namespace s2c
