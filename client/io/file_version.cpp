// SPDX-License-Identifier: MIT
#include "client/io/file_version.h"

#include <algorithm>

#include "client/base/text.h"
#include "client/http/byte_ranges.h"

namespace s2c {

std::optional<std::uint64_t> VersionCheck::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return size_;
}

bool VersionCheck::confirmed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return confirmed_;
}

bool VersionCheck::changed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return changed_;
}

std::string VersionCheck::validator() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return validator_;
}

Headers VersionCheck::headers() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return headers_;
}

Result<ByteRange> VersionCheck::Check(const ByteRange& asked, const Response& response) {
  if (LowerCase(response.Header("content-type")).compare(0, 9, "text/html") == 0 && response.Ok())
    return Fail(ErrorKind::kProtocol,
                version_.label +
                    " cannot be read: the server answered with a web page in place of "
                    "the file; check the login (S2C_USERNAME) and S2C_API_URL",
                response.status);
  if (response.status == 200) {
    const std::uint64_t size = response.whole ? response.whole->size() : 0;
    const Status same = CheckVersion(response, size);
    if (!same) return Pass(same);
    return ByteRange{0, size};
  }
  const auto content = ParseContentRange(response.Header("content-range"));
  if (response.status == 416 && content && content->total) {
    const Status same = CheckVersion(response, content->total);
    if (!same) return Pass(same);
    // No range of an empty file can be had (RFC 9110, section 14.1.2).
    if (*content->total == 0) return ByteRange{0, 0};
  }
  if (response.status != 206) return Refuse(response);
  if (!content || !content->range)
    return Fail(ErrorKind::kProtocol,
                version_.label +
                    " cannot be read: the server's answer does "
                    "not say which bytes it holds",
                206);
  const Status same = CheckVersion(response, content->total);
  if (!same) return Pass(same);
  // Asked before the size was known, a range may end with the file.
  ByteRange expected = asked;
  if (content->total) expected.size = std::min(asked.end(), *content->total) - asked.offset;
  const std::uint64_t arrived = response.part ? response.part->size() : 0;
  if (!(*content->range == expected) || (response.complete && arrived != expected.size))
    return Fail(ErrorKind::kProtocol,
                version_.label + " cannot be read: the server sent other bytes than were asked for",
                206);
  return expected;
}

Status VersionCheck::CheckVersion(const Response& response, std::optional<std::uint64_t> total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (total && size_ && *total != *size_) {
    const bool was_confirmed = confirmed_;
    changed_ = true;
    return Fail(ErrorKind::kChanged,
                was_confirmed
                    ? version_.label + " was changed on the server while it was read: open it again"
                    : version_.label + " has " + std::to_string(*total) +
                          " bytes on the server but " + std::to_string(*size_) +
                          " in the API, so it is not the result of this run: rerun the inference");
  }
  // RFC 9110, section 8.8: the ETag, or where there is none the time of the last change.
  std::string_view validator = response.Header("etag");
  if (validator.empty()) validator = response.Header("last-modified");
  if (!validator_.empty() && !validator.empty() && validator != validator_) {
    changed_ = true;
    return Fail(ErrorKind::kChanged,
                version_.label + " was changed on the server while it was read: open it again");
  }
  if (!size_) size_ = total;
  if (!size_)
    return Fail(ErrorKind::kProtocol,
                version_.label + " cannot be read: the server does not tell its size");
  if (!confirmed_) {
    if (validator_.empty()) validator_ = std::string(validator);
    // Others may hold secrets, such as a proxy's cookies.
    for (const char* name : {"content-type", "etag", "last-modified"}) {
      const std::string_view value = response.Header(name);
      if (!value.empty()) headers_.emplace_back(name, value);
    }
    confirmed_ = true;
  }
  return {};
}

tl::unexpected<Error> VersionCheck::Refuse(const Response& response) const {
  const std::string status = " (HTTP " + std::to_string(response.status) + ")";
  switch (response.status) {
    case 404:
    case 410:
      return Fail(ErrorKind::kNotFound,
                  version_.label + " is no longer on the server" + status +
                      ": results are deleted regularly, rerun the inference to get it back",
                  response.status);
    case 401:
    case 403:
      return Fail(ErrorKind::kCredentials,
                  version_.label + " is not given to this login" + status +
                      ": check S2C_USERNAME; a file server on another host needs "
                      "S2C_TRUSTED_HOSTS",
                  response.status);
    default:
      return Fail(
          ErrorKind::kServer,
          version_.label + " cannot be read: the server answered" + status + "; try again later",
          response.status);
  }
}

}  // namespace s2c
