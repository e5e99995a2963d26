// SPDX-License-Identifier: MIT
#include "client/http/byte_ranges.h"

#include <algorithm>

#include "client/base/text.h"

namespace s2c {

std::optional<ContentRange> ParseContentRange(std::string_view value) {
  value = Trim(value);
  if (!EqualIgnoringCase(value.substr(0, 6), "bytes ")) return std::nullopt;
  value = Trim(value.substr(6));
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view range = value.substr(0, slash);
  const std::string_view total = value.substr(slash + 1);
  ContentRange parsed;
  if (total != "*") {
    parsed.total = ParseUnsigned(total);
    if (!parsed.total) return std::nullopt;
  }
  if (range == "*") return parsed;
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = ParseUnsigned(range.substr(0, dash));
  const auto last = ParseUnsigned(range.substr(dash + 1));
  if (!first || !last || *last < *first || *last == UINT64_MAX) return std::nullopt;
  if (parsed.total && *last >= *parsed.total) return std::nullopt;
  parsed.range = ByteRange{*first, *last - *first + 1};
  return parsed;
}

std::vector<ByteRange> MergeRanges(std::vector<ByteRange> ranges, std::uint64_t gap,
                                   std::uint64_t largest) {
  std::sort(ranges.begin(), ranges.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.offset < b.offset; });
  std::vector<ByteRange> merged;
  for (const ByteRange& range : ranges) {
    if (!merged.empty()) {
      ByteRange& last = merged.back();
      const std::uint64_t end = std::max(last.end(), range.end());
      const bool near = range.offset <= last.end() || range.offset - last.end() <= gap;
      if (near && (range.end() <= last.end() || end - last.offset <= largest)) {
        last.size = end - last.offset;
        continue;
      }
    }
    merged.push_back(range);
  }
  return merged;
}

}  // namespace s2c
