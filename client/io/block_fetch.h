// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "client/http/exchange.h"
#include "client/io/block_cache.h"

namespace s2c {

/// One request for consecutive blocks, which several readers may wait for, each only until the
/// blocks are there that he needs. Thread-safe.
class BlockFetch {
 public:
  /// What an answer brings, whose bytes may still be arriving; an error where it is none, or not
  /// the answer to this fetch.
  using Take = std::function<Result<BlockRun>(const Result<Response>&)>;

  /// Nothing is sent yet: the fetch is made under a lock, where no I/O may happen.
  BlockFetch(std::uint64_t first, std::uint64_t count) : first_(first), count_(count) {}

  std::uint64_t first() const { return first_; }
  std::uint64_t count() const { return count_; }
  bool Brings(std::uint64_t block) const { return block >= first_ && block - first_ < count_; }

  /// Hands over the exchange, null if none could be made; called once, by whoever made the fetch.
  void Begin(std::unique_ptr<Exchange> exchange);
  /// In place of Begin(), where no request is needed.
  void Bring(Result<BlockRun> run);
  /// Waits until the block of that number is there, or all that will come. One of those who wait
  /// waits for the exchange step by step, runs `take` on its answer in its own thread and wakes the
  /// others after each step.
  Result<BlockRun> WaitFor(std::uint64_t block, const Take& take);
  /// Whether all has arrived, or nothing more will.
  bool IsDone() const;
  /// The run, if all of it has arrived.
  std::optional<BlockRun> Whole() const;

 private:
  struct Step {
    std::optional<BlockRun> run;
    std::optional<Error> failure;
  };

  bool HasCome(std::uint64_t block) const;
  std::size_t NextStep(std::uint64_t block) const;
  Step Drive(std::size_t bytes, const std::shared_ptr<const Body>& known, const Take& take);

  const std::uint64_t first_;
  const std::uint64_t count_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_begun_ = false;
  bool is_driven_ = false;
  std::multiset<std::uint64_t> wanted_;  ///< the blocks that are waited for
  std::unique_ptr<Exchange> exchange_;   ///< touched by who drives it only
  std::optional<BlockRun> run_;
  std::optional<Error> failure_;
};

}  // namespace s2c
