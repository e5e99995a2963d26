// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "client/http/exchange.h"

namespace s2c {

class BlockFetch;

/// How far ahead of one reader a file is fetched. Who reads on where he stopped gets ever more, up
/// to a bound that keeps the link busy while he decodes; who jumps gets nothing, and what was on
/// its way for him is given up. Not thread-safe: each file handle has its own.
class ReadAhead {
 public:
  using Fetches = std::vector<std::shared_ptr<BlockFetch>>;

  /// `most` bytes at a time.
  explicit ReadAhead(std::uint64_t most) : most_(most) {}

  /// Tells of a read and says up to which byte the file should be on its way now; no further than
  /// the read's own end for a reader who jumps.
  std::uint64_t Observe(const ByteRange& read);
  bool is_sequential() const { return run_ > 0; }

  /// Up to which byte fetches have begun already.
  std::uint64_t begun_to() const { return begun_to_; }
  void AddBegun(std::uint64_t to, const Fetches& fetches);
  /// The fetches that nobody has waited for yet, which are this reader's to give up.
  Fetches TakeUnused();
  void DropDone();

 private:
  const std::uint64_t most_;
  std::uint64_t next_ = 0;
  std::uint64_t run_ = 0;  ///< bytes read in sequence so far
  std::uint64_t begun_to_ = 0;
  Fetches fetches_;
};

}  // namespace s2c
