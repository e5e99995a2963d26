// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "client/http/exchange.h"
#include "client/io/block_cache.h"

namespace s2c {

/// One request for consecutive blocks, which several readers may wait for. Thread-safe.
class BlockFetch {
 public:
  using Finish = std::function<Result<BlockRun>(Result<Response>)>;

  /// Nothing is sent yet: the fetch is made under a lock, where no I/O may happen.
  BlockFetch(std::uint64_t first, std::uint64_t count) : first_(first), count_(count) {}

  std::uint64_t first() const { return first_; }
  std::uint64_t count() const { return count_; }

  /// Hands over the exchange, null if none could be made; called once, by whoever made the fetch.
  void Begin(std::unique_ptr<Exchange> exchange);
  /// The first caller waits for the exchange and runs `finish` on its answer, in its own thread;
  /// all others wait for that.
  Result<BlockRun> Wait(const Finish& finish);
  /// Whether Wait() has brought an outcome to somebody.
  bool IsDone() const;

 private:
  enum class State { kMade, kBegun, kDriven, kDone };

  const std::uint64_t first_;
  const std::uint64_t count_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kMade;
  std::unique_ptr<Exchange> exchange_;
  std::optional<Result<BlockRun>> result_;
};

}  // namespace s2c
