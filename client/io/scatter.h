// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

namespace s2c {

/// How much of a file is fetched where few blocks are wanted here and there, as of small tiles that
/// lie out of order. Whoever has had a good part of the file so is likely to want the rest of it:
/// then what lies beside comes along, and more of it with each doubling. Who reads some windows of
/// a large file gets what he wants and no more. Not thread-safe.
class Scatter {
 public:
  /// Blocks, by their numbers.
  struct Span {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
  };

  /// What to fetch for `wanted`: at least that, beyond it only blocks of `room` that are not here
  /// yet. The file has `file_blocks`.
  Span Widen(Span wanted, const Span& room, std::uint64_t file_blocks,
             const std::function<bool(std::uint64_t)>& is_here);

 private:
  std::uint64_t fetched_ = 0;  ///< blocks, by such requests
};

}  // namespace s2c
