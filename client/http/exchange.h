// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/base/clock.h"
#include "client/base/result.h"
#include "client/base/secret.h"
#include "client/base/url.h"

namespace s2c {

/// `size` bytes from `offset`.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  std::uint64_t end() const { return offset + size; }
  friend bool operator==(const ByteRange& a, const ByteRange& b) {
    return a.offset == b.offset && a.size == b.size;
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  Url url;
  Headers headers;
  std::string body;                ///< for POST and PATCH
  Secret bearer;                   ///< sent as Authorization: Bearer (RFC 6750, section 2.1)
  std::optional<ByteRange> range;  ///< sent as Range: bytes= (RFC 9110, section 14.2)
  /// A longer body ends the exchange with an error: the memory that a server can take.
  std::size_t max_body = std::size_t{64} << 20;
  /// Whether the bearer may be added for this URL at all; a redirect to another host clears it.
  bool may_authorize = true;
};

struct Response {
  int status = 0;
  Headers headers;  ///< names in lower case
  std::string body;

  /// Empty where the header is absent; the first where there are several.
  std::string_view Header(std::string_view lower_case_name) const;
  bool Ok() const { return status >= 200 && status < 300; }
};

/// A request that is on its way. Destroying it cancels what has not arrived.
///
/// What must happen on the way (a retry, a new token after a refusal, a redirect) happens in the
/// thread that calls Wait(): nobody spends anything on an answer that nobody wants any more.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// Blocks until the answer is there. Called once, from any thread. An HTTP status of 400 and
  /// above is an answer, not an error.
  virtual Result<Response> Wait() = 0;
};

/// Sends requests. Thread-safe. Decorators add one concern each (retry, redirects, the token).
class Transport {
 public:
  virtual ~Transport() = default;
  virtual std::unique_ptr<Exchange> Start(Request request) = 0;

  Result<Response> Send(Request request) { return Start(std::move(request))->Wait(); }
};

}  // namespace s2c
