// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "client/http/exchange.h"

namespace s2c {

/// What a 206 or 416 says of itself (RFC 9110, section 14.4).
struct ContentRange {
  std::optional<ByteRange> range;      ///< absent in a 416
  std::optional<std::uint64_t> total;  ///< absent where the server does not know it
};

/// `bytes 0-99/1000`, `bytes 0-99/*`, `bytes */1000`; nothing for any other text.
std::optional<ContentRange> ParseContentRange(std::string_view value);

/// Joins ranges that overlap, touch, or lie at most `gap` bytes apart, but none to more than
/// `largest` bytes unless it came so. Sorted by offset.
std::vector<ByteRange> MergeRanges(std::vector<ByteRange> ranges, std::uint64_t gap,
                                   std::uint64_t largest);

}  // namespace s2c
