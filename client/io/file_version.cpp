// SPDX-License-Identifier: MIT
#include "client/io/file_version.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "client/base/text.h"
#include "client/http/byte_ranges.h"

namespace s2c {
namespace {

constexpr std::chrono::seconds kMissingHolds{10};

// The first byte of an answer for a file's beginning that is no blank.
char FirstCharacter(const Response& response) {
  char begin[64];
  std::size_t size = 0;
  if (response.part) {
    size = std::min(sizeof(begin), response.part->size());
    if (size > 0) std::memcpy(begin, response.part->chunk(0).get(), size);
  } else if (response.whole) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(sizeof(begin), response.whole->size()));
    if (!response.whole->ReadAt(0, begin, size)) size = 0;
  }
  const std::string_view text = Trim(std::string_view(begin, size));
  return text.empty() ? '\0' : text.front();
}

// Which bytes a 206 says that it holds.
struct Held {
  ByteRange range;
  std::optional<std::uint64_t> total;
};

std::optional<Held> HeldBy(const Response& response) {
  const auto content = ParseContentRange(response.Header("content-range"));
  if (!content || !content->range) return std::nullopt;
  Held held{*content->range, content->total};
  // All of the coded form is all of the file, as long as that is without the coding.
  if (response.WasCoded() && held.range.offset == 0 && held.range.size == held.total) {
    held.range.size = response.received;
    held.total = held.range.size;
  }
  return held;
}

bool HasFirstOf(const ByteRange& asked, const ByteRange& held) {
  return held.offset <= asked.offset && held.end() > asked.offset;
}

}  // namespace

Validator::Validator(const Response& response, double now)
    : etag_(response.Header("etag")), last_modified_(response.Header("last-modified")) {
  text_ = etag_;
  TakeWeakness();
  const auto changed = response.Time("last-modified");
  const auto sent = response.Time("date");
  is_settled_ =
      changed && (sent ? static_cast<double>(*sent) : now) >= static_cast<double>(*changed) + 1.0;
  if (!last_modified_.empty()) text_ += (is_settled_ ? "\n" : "\n~") + last_modified_;
}

Validator::Validator(const std::string& text) : text_(text) {
  const std::size_t end = text.find('\n');
  etag_ = text.substr(0, end);
  TakeWeakness();
  if (end == std::string::npos) return;
  is_settled_ = text.compare(end + 1, 1, "~") != 0;
  last_modified_ = text.substr(end + (is_settled_ ? 1 : 2));
}

void Validator::TakeWeakness() {
  is_weak_ = etag_.compare(0, 2, "W/") == 0;
  if (is_weak_) etag_.erase(0, 2);
}

bool Validator::IsRepeatedBy(const Validator& later) const {
  return etag_.empty() ? !last_modified_.empty() && last_modified_ == later.last_modified_
                       : etag_ == later.etag_;
}

bool Validator::Allows(const Validator& later) const {
  const bool same_time = !last_modified_.empty() && last_modified_ == later.last_modified_;
  if (!etag_.empty() && !later.etag_.empty())
    return etag_ == later.etag_ || (same_time && is_settled_);
  return same_time || last_modified_.empty() || later.last_modified_.empty();
}

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

std::optional<Error> VersionCheck::missing() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return missing_ && clock_.Now() - missed_at_ < kMissingHolds ? missing_ : std::nullopt;
}

std::string VersionCheck::validator() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return validator_.text();
}

Headers VersionCheck::headers() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return headers_;
}

Result<ByteRange> VersionCheck::Check(const ByteRange& asked, const Response& response) {
  if (response.status == 206) return CheckPart(asked, response);
  if (response.status == 200) {
    const std::uint64_t size = response.whole ? response.whole->size() : 0;
    if (IsWebPage({0, size}, response, size)) return RefuseWebPage(response.status);
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
  return Refuse(response);
}

Result<ByteRange> VersionCheck::CheckPart(const ByteRange& asked, const Response& response) {
  const auto found = HeldBy(response);
  if (!found) return RefuseBytes("the server's answer does not say which bytes it holds");
  const auto& [held, total] = *found;
  if (IsWebPage(asked, response, total)) return RefuseWebPage(response.status);
  if (response.WasCoded() && response.received != held.size)
    return RefuseBytes("it is compressed on its way (Content-Encoding: " +
                       OneLine(response.Header("content-encoding")) +
                       "), and parts of that are of no use; see to it that no proxy does this");
  const Status same = CheckVersion(response, total);
  if (!same) return Pass(same);
  if (!HasFirstOf(asked, held))
    return RefuseBytes("the server sent other bytes than were asked for");
  if (response.complete && response.received != held.size)
    return RefuseBytes("the server sent " + std::to_string(response.received) + " of the " +
                       std::to_string(held.size) + " bytes that it said it would");
  // Asked before the size was known, a range may end with the file.
  const std::uint64_t end = std::min({asked.end(), held.end(), size().value_or(held.end())});
  return ByteRange{asked.offset, end - asked.offset};
}

bool VersionCheck::IsFlawed(const ByteRange& asked, const Response& response) const {
  const auto known = size();
  if (response.status == 416) {
    const auto content = ParseContentRange(response.Header("content-range"));
    return known && asked.offset < *known &&
           !(content && content->total && content->total != known);
  }
  if (response.status == 200) {
    const std::uint64_t size = response.whole ? response.whole->size() : 0;
    // A page is what somebody has to do something about.
    return known && size < *known && !IsWebPage({0, size}, response, size) &&
           !IsOfAnotherVersion(response);
  }
  if (response.status != 206) return false;
  const auto held = HeldBy(response);
  if (!held || !HasFirstOf(asked, held->range)) return true;
  if (response.complete && response.received != held->range.size) return true;
  return known && held->total && held->total != known && IsOfThisVersion(response);
}

bool VersionCheck::IsOfAnotherVersion(const Response& response) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !validator_.Allows(Validator(response, clock_.EpochSeconds()));
}

// What the server has said before, it says again.
bool VersionCheck::IsOfThisVersion(const Response& response) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return validator_.IsRepeatedBy(Validator(response, clock_.EpochSeconds()));
}

bool VersionCheck::IsStill(const std::string& validator, const Headers& headers,
                           const Response& response) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Validator kept(validator);
  if (!size_ || !kept.IsRepeatedBy(Validator(response, clock_.EpochSeconds())) ||
      !validator_.Allows(kept))
    return false;
  if (!confirmed_) {
    if (validator_.text().empty()) validator_ = kept;
    headers_ = headers;
    confirmed_ = true;
  }
  return true;
}

// A login page is no file; but some servers know no better type for the bytes that are right.
bool VersionCheck::IsWebPage(const ByteRange& asked, const Response& response,
                             std::optional<std::uint64_t> total) const {
  static constexpr std::string_view kHtml = "text/html";
  if (!EqualIgnoringCase(response.Header("content-type").substr(0, kHtml.size()), kHtml))
    return false;
  const auto known = size();
  return !known || (total && *total != *known) ||
         (asked.offset == 0 && FirstCharacter(response) == '<');
}

tl::unexpected<Error> VersionCheck::RefuseWebPage(int status) const {
  return Fail(ErrorKind::kProtocol,
              version_.label +
                  " cannot be read: the server answered with a web page in place of "
                  "the file; check the login (S2C_USERNAME) and S2C_API_URL",
              status);
}

tl::unexpected<Error> VersionCheck::RefuseBytes(const std::string& why) const {
  return Fail(ErrorKind::kProtocol, version_.label + " cannot be read: " + why, 206);
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
  const Validator validator(response, clock_.EpochSeconds());
  if (!validator_.Allows(validator)) {
    changed_ = true;
    return Fail(ErrorKind::kChanged,
                version_.label + " was changed on the server while it was read: open it again");
  }
  if (!size_) size_ = total;
  if (!size_)
    return Fail(ErrorKind::kProtocol,
                version_.label + " cannot be read: the server does not tell its size");
  if (!confirmed_) {
    if (validator_.text().empty()) validator_ = validator;
    // Others may hold secrets, such as a proxy's cookies.
    for (const char* name : {"content-type", "etag", "last-modified"}) {
      const std::string_view value = response.Header(name);
      if (!value.empty()) headers_.emplace_back(name, value);
    }
    confirmed_ = true;
  }
  return {};
}

tl::unexpected<Error> VersionCheck::Refuse(const Response& response) {
  const std::string status = " (HTTP " + std::to_string(response.status) + ")";
  switch (response.status) {
    case 404:
    case 410: {
      const std::lock_guard<std::mutex> lock(mutex_);
      missed_at_ = clock_.Now();
      missing_ = Error{ErrorKind::kNotFound,
                       version_.label + " is no longer on the server" + status +
                           ": results are deleted regularly, rerun the inference to get it back",
                       response.status};
      return tl::unexpected<Error>(*missing_);
    }
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
