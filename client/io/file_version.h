// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "client/base/clock.h"
#include "client/http/exchange.h"

namespace s2c {

/// What a server says of the version of a file (RFC 9110, section 8.8).
class Validator {
 public:
  Validator() = default;
  /// `now` serves where the answer has no date.
  Validator(const Response& response, double now);
  /// What text() has given.
  explicit Validator(const std::string& text);

  /// Empty where the server says nothing.
  const std::string& text() const { return text_; }
  /// Whether `later` may be of the same version: nothing that both say of it differs, or at least
  /// the ETags alone do. Those of two servers behind a balancer may; but whoever writes a file
  /// anew writes another time of change as well, unless it is within the same second.
  bool Allows(const Validator& later) const;
  /// Whether a 304 with `later` says that the file is still of this version: it repeats the ETag,
  /// or the time where there is no ETag. Without either, a server may have meant no more than that
  /// the file is no newer (RFC 9110, sections 13.1.3 and 15.4.5).
  bool IsRepeatedBy(const Validator& later) const;
  /// Whether every other version has another one: not where a change within the same second would
  /// not show, or a weak ETag need not change with the bytes (RFC 9110, section 8.8.1).
  bool IsReliable() const {
    return last_modified_.empty() ? !etag_.empty() && !is_weak_ : is_settled_;
  }

 private:
  void TakeWeakness();

  std::string text_;  ///< ETag and time of change, each after a line break but the first
  std::string etag_;  ///< without W/: bytes that mean the same are the same here
  bool is_weak_ = false;
  std::string last_modified_;
  bool is_settled_ = false;  ///< the answer is of a later second (RFC 9110, section 8.8.2.2)
};

/// Which bytes are meant: a rerun writes new ones under the old address.
struct FileVersion {
  Url url;
  std::optional<std::uint64_t> size;  ///< as the API has it
  std::string stamp;                  ///< timestamp_finished
  std::string label;                  ///< for errors: "output 'x' of inference 1"
  /// What the server said of it when it was first opened (Validator::text): whoever opens it again
  /// as the same version holds the server to that. Empty where nobody has asked yet.
  std::string validator{};
  /// For whom it was opened (SecondLook::UserOf); empty where that is not known, or of no matter.
  std::string account{};
};

/// Holds every answer against the version that was opened: its size, what it says of itself
/// (RFC 9110, sections 8.8.3 and 14.4), and that of the answers before it. Thread-safe.
class VersionCheck {
 public:
  /// Both must outlive this.
  VersionCheck(const FileVersion& version, const Clock& clock)
      : version_(version), clock_(clock), size_(version.size), validator_(version.validator) {}

  /// Which bytes the answer to a request for `asked` holds: those, or their beginning, or all of
  /// the file where the server knows no ranges. A sentence where they are not those of this
  /// version, or no bytes of it at all.
  Result<ByteRange> Check(const ByteRange& asked, const Response& response);

  /// Whether what the answer says of itself cannot be so, or is not what it holds: something on the
  /// way has spoiled it, and the next one may be right. Not of an answer that tells of another
  /// version.
  bool IsFlawed(const ByteRange& asked, const Response& response) const;

  /// Whether the answer (a 304; RFC 9110, section 15.4.5) says that the file is still the version
  /// of which the server once said `validator` and `headers`. From here on it is this version then.
  bool IsStill(const std::string& validator, const Headers& headers, const Response& response);

  /// Nothing before the API or the server has told it.
  std::optional<std::uint64_t> size() const;
  /// Whether the server has answered for this version.
  bool confirmed() const;
  /// Whether the server was seen to have another version now: who opens it again needs a new one.
  bool changed() const;
  /// Why the file was not there a moment ago. A program that opens a project tries each layer many
  /// times, and only after some seconds the server is asked again (issue 10).
  std::optional<Error> missing() const;
  /// FileVersion::validator, as far as it is known.
  std::string validator() const;
  /// What the server said of the file (content-type, etag, last-modified), as far as it is known.
  Headers headers() const;

 private:
  bool IsOfThisVersion(const Response& response) const;
  bool IsOfAnotherVersion(const Response& response) const;
  Result<ByteRange> CheckPart(const ByteRange& asked, const Response& response);
  Status CheckVersion(const Response& response, std::optional<std::uint64_t> total);
  bool IsWebPage(const ByteRange& asked, const Response& response,
                 std::optional<std::uint64_t> total) const;
  tl::unexpected<Error> RefuseWebPage(int status) const;
  tl::unexpected<Error> RefuseBytes(const std::string& why) const;
  tl::unexpected<Error> Refuse(const Response& response);

  const FileVersion& version_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<std::uint64_t> size_;
  bool confirmed_ = false;
  bool changed_ = false;
  Validator validator_;
  Headers headers_;
  std::optional<Error> missing_;
  Clock::TimePoint missed_at_{};
};

}  // namespace s2c
