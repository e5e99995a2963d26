// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "client/http/exchange.h"

namespace s2c {

class BlockFetch;

/// How far ahead of one reader a file is fetched. Who reads on where he stopped gets ever more, up
/// to a bound that keeps the link busy while he decodes. Who reads one row of a window after the
/// other gets each row whole. Who jumps otherwise gets nothing, and what was on its way for him is
/// given up. Not thread-safe: each file handle has its own.
class ReadAhead {
 public:
  using Fetches = std::vector<std::shared_ptr<BlockFetch>>;

  /// `most` bytes at a time.
  explicit ReadAhead(std::uint64_t most) : most_(most) {}

  /// Tells of a read and says up to which byte the file should be on its way now; no further than
  /// the read's own end for a reader who jumps. `at_once`: several parts were asked for at once,
  /// and all that is wanted may be among them.
  std::uint64_t Observe(const ByteRange& read, bool at_once = false);
  /// Tells of ranges that were asked for at once, in order and apart from each other: the rows of a
  /// window. What is read next, as far as it is certain that these are not all: GTiff stops at a
  /// number of bytes, and goes on with the rest of a row or the next one.
  std::optional<ByteRange> ObserveRows(const std::vector<ByteRange>& rows);
  /// Whether the last read went on where the one before it had stopped.
  bool goes_on() const { return goes_on_; }

  /// Up to which byte fetches have begun already.
  std::uint64_t begun_to() const { return begun_to_; }
  void AddBegun(std::uint64_t to, const Fetches& fetches);
  /// Those of which not all has arrived yet, which are this reader's to give up.
  Fetches TakeUnused();

  /// Fetches of what will be read in whatever order, so that a jump does not end them.
  void AddAdvised(const Fetches& fetches);
  Fetches TakeAdvised();

 private:
  /// Whoever reads a fetch to its end gives it up, and its memory with it, whatever stands here.
  using WeakFetches = std::vector<std::weak_ptr<BlockFetch>>;

  static void Add(WeakFetches& to, const Fetches& fetches);
  static Fetches Take(WeakFetches& from);
  std::uint64_t Window() const;

  const std::uint64_t most_;
  std::uint64_t begin_ = 0;  ///< of what is read in sequence
  std::uint64_t next_ = 0;   ///< its end so far
  std::uint64_t row_ = 0;    ///< how much is read in sequence between jumps; 0: not known
  unsigned reads_ = 0;       ///< since the jump
  bool has_jumped_ = false;
  bool goes_on_ = true;
  std::uint64_t begun_to_ = 0;
  WeakFetches fetches_;
  WeakFetches advised_;
};

}  // namespace s2c
