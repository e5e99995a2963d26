// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "client/http/exchange.h"

namespace s2c::testing_support {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;

/// Bytes of which no two stretches are alike, so that a wrong offset shows.
std::string Pattern(std::size_t size);

/// A file on a server that knows byte ranges (RFC 9110, section 14), as a FakeTransport's handler.
struct FakeFile {
  std::string content;
  std::string etag = "\"v1\"";

  Result<Response> operator()(const Request& request) const;
};

/// `bytes 0-9/100`
std::string ContentRangeText(const ByteRange& range, std::size_t total);

}  // namespace s2c::testing_support
