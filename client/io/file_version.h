// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "client/http/exchange.h"

namespace s2c {

/// Which bytes are meant: a rerun writes new ones under the old address.
struct FileVersion {
  Url url;
  std::optional<std::uint64_t> size;  ///< as the API has it
  std::string stamp;                  ///< timestamp_finished
  std::string label;                  ///< for errors: "output 'x' of inference 1"
  /// What the server said of it when it was first opened (ETag, or Last-Modified): whoever opens it
  /// again as the same version holds the server to that. Empty where nobody has asked yet.
  std::string validator{};
};

/// Holds every answer against the version that was opened: its size, what it says of itself
/// (RFC 9110, sections 8.8.3 and 14.4), and that of the answers before it. Thread-safe.
class VersionCheck {
 public:
  explicit VersionCheck(const FileVersion& version)
      : version_(version), size_(version.size), validator_(version.validator) {}

  /// Which bytes the answer to a request for `asked` holds: all of the file where the server knows
  /// no ranges. A sentence where they are not those of this version, or no bytes of it at all.
  Result<ByteRange> Check(const ByteRange& asked, const Response& response);

  /// Nothing before the API or the server has told it.
  std::optional<std::uint64_t> size() const;
  /// Whether the server has answered for this version.
  bool confirmed() const;
  /// Whether the server was seen to have another version now: who opens it again needs a new one.
  bool changed() const;
  /// FileVersion::validator, as far as it is known.
  std::string validator() const;
  /// What the server said of the file (content-type, etag, last-modified), as far as it is known.
  Headers headers() const;

 private:
  Status CheckVersion(const Response& response, std::optional<std::uint64_t> total);
  tl::unexpected<Error> Refuse(const Response& response) const;

  const FileVersion& version_;
  mutable std::mutex mutex_;
  std::optional<std::uint64_t> size_;
  bool confirmed_ = false;
  bool changed_ = false;
  std::string validator_;
  Headers headers_;
};

}  // namespace s2c
