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
#include "client/base/system.h"
#include "client/base/url.h"
#include "client/http/body.h"

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

struct Response;

struct Request {
  std::string method = "GET";
  Url url;
  Headers headers;
  std::string body;                ///< for POST and PATCH
  Secret bearer;                   ///< sent as Authorization: Bearer (RFC 6750, section 2.1)
  std::optional<ByteRange> range;  ///< sent as Range: bytes= (RFC 9110, section 14.2)
  /// A longer body ends the exchange with an error: what a server can take of memory, or of disk
  /// where it sends the whole file for a range.
  std::uint64_t max_body = std::uint64_t{64} << 20;
  /// Nothing is sent: the connection is made, and kept for a request to this server. The answer has
  /// no status then. For the transport itself, since there is no answer to be looked at.
  bool only_connect = false;
  /// Whether the bearer may be added for this URL at all; a redirect to another server clears it.
  bool may_authorize = true;
  /// Tells an answer that a repetition would not change, whatever its status says.
  bool (*is_final)(const Response&) = nullptr;
  /// How often it may be sent again although the server may have acted on it; absent: by its method
  /// (RFC 9110, section 9.2.2). Where it is set, answers that say that nothing was done are
  /// repeated as those of a GET are, and libcurl does not repeat on its own.
  std::optional<int> repeats_in_doubt;
};

struct Response {
  int status = 0;
  Headers headers;  ///< names in lower case
  /// Where the body is: of a 206 for a range in `part`, of a 200 for a range (RFC 9110, section
  /// 14.2: a server may ignore it) in `whole`, else in `body`.
  std::string body;
  std::shared_ptr<Body> part;
  std::shared_ptr<TemporaryFile> whole;
  /// How many bytes of a 206 have come, also those beside the range that was asked for: `part` has
  /// the others, as far as the answer begins where that does.
  std::uint64_t received = 0;
  /// False while the rest of `part` is still on its way.
  bool complete = true;

  /// Empty where the header is absent; the first where there are several.
  std::string_view Header(std::string_view lower_case_name) const;
  /// Seconds since 1970 of a header that is a date; nothing where it is none.
  std::optional<std::int64_t> Time(std::string_view lower_case_name) const;
  /// Whether the body was compressed on its way, and is not any more.
  bool WasCoded() const;
  bool Ok() const { return status >= 200 && status < 300; }
  /// Takes the next bytes of the answer to `request`; `status` is known. Fails where they are more
  /// than was asked for, or find no room.
  Status Add(const Request& request, const char* data, std::size_t size);

 private:
  Status AddToPart(const Request& request, const char* data, std::size_t size);
};

/// A request that is on its way. Destroying it cancels what has not arrived.
///
/// What must happen on the way (a retry, a new token after a refusal, a redirect) happens in the
/// thread that calls Wait(): nobody spends anything on an answer that nobody wants any more.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// Blocks until the answer is complete, or is a 206 of which so many bytes have arrived. From any
  /// thread, one at a time, and again until it has given a complete answer or an error. An HTTP
  /// status of 400 and above is an answer, not an error.
  virtual Result<Response> WaitFor(std::size_t bytes) = 0;
  /// Blocks until the answer is complete.
  Result<Response> Wait() { return WaitFor(SIZE_MAX); }
};

/// Sends requests. Thread-safe. Decorators add one concern each (retry, redirects, the token).
class Transport {
 public:
  virtual ~Transport() = default;
  virtual std::unique_ptr<Exchange> Start(Request request) = 0;

  Result<Response> Send(Request request) { return Start(std::move(request))->Wait(); }
};

}  // namespace s2c
