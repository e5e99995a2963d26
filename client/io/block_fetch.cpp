// SPDX-License-Identifier: MIT
#include "client/io/block_fetch.h"

#include <algorithm>
#include <exception>
#include <string>

namespace s2c {
namespace {

// Who comes while a step is waited for may want an earlier block, and waits for the step's end.
constexpr std::uint64_t kLongestStep = 256 << 10;

}  // namespace

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
  const auto wanted = wanted_.insert(block);
  while (!HasCome(block) && !failure_) {
    if (!is_begun_ || is_driven_) {
      changed_.wait(lock);
      continue;
    }
    is_driven_ = true;
    const std::shared_ptr<const Body> known = run_ ? run_->body : nullptr;
    const std::size_t bytes = NextStep(block);
    lock.unlock();
    Step step = Drive(bytes, known, take);
    lock.lock();
    is_driven_ = false;
    if (step.run) run_ = std::move(step.run);
    failure_ = std::move(step.failure);
    changed_.notify_all();
  }
  wanted_.erase(wanted);
  if (HasCome(block)) return *run_;
  return tl::unexpected<Error>(*failure_);
}

bool BlockFetch::HasCome(std::uint64_t block) const {
  return run_ && (run_->Get(block) || run_->IsWhole());
}

// How many bytes to wait for: up to the end of the first block that anybody wants.
std::size_t BlockFetch::NextStep(std::uint64_t block) const {
  const std::uint64_t arrived = run_ ? run_->body->size() : 0;
  const auto next = wanted_.lower_bound(first_ + arrived / kBlockSize);
  if (next != wanted_.end()) block = std::min(block, *next);
  const std::uint64_t longest = (arrived / kLongestStep + 1) * kLongestStep;
  return static_cast<std::size_t>(std::min((block - first_ + 1) * kBlockSize, longest));
}

BlockFetch::Step BlockFetch::Drive(std::size_t bytes, const std::shared_ptr<const Body>& known,
                                   const Take& take) {
  Step step;
  // Others wait for the outcome, so there must be one.
  try {
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
