// SPDX-License-Identifier: MIT
// What a server says in the head of an answer, and the bytes that come with it: Content-Range,
// Retry-After and other dates, Location, ETag.
#include "client/base/url.h"
#include "client/http/byte_ranges.h"
#include "client/http/curl_date.h"
#include "client/io/file_version.h"
#include "tests/fuzz/fuzzing.h"

using s2c::fuzzing::Require;

namespace {

void TakePart(const std::string& content_range, const std::string& etag) {
  s2c::Request request;
  request.range = s2c::ByteRange{4096, 1000};
  s2c::Response response;
  response.status = 206;
  response.headers = {{"content-range", content_range}, {"etag", etag}};
  const std::string bytes(300, 'x');
  for (int i = 0; i < 4; ++i) {
    if (!response.Add(request, bytes.data(), bytes.size())) return;
  }
  const s2c::FileVersion version{*s2c::Url::Parse("https://a.example/x"), 9000, "2021", "x"};
  s2c::VersionCheck check(version, s2c::SystemClock());
  check.IsFlawed(*request.range, response);
  const auto held = check.Check(*request.range, response);
  if (!held) return;
  Require(held->offset == request.range->offset && held->end() <= request.range->end(),
          "no other bytes are taken than were asked for");
  Require(response.part->size() >= held->size, "all that are taken have come");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(s2c::fuzzing::TextOf(data, size));
  if (const auto range = s2c::ParseContentRange(text); range && range->range)
    Require(range->range->size > 0 && range->range->end() > range->range->offset,
            "a range holds something");
  s2c::ParseHttpDate(text);
  const std::size_t end = text.find('\n');
  TakePart(text.substr(0, end), end == std::string::npos ? "" : text.substr(end + 1));
  static const auto* const base = new s2c::Url(*s2c::Url::Parse("https://a.example/b/c?d"));
  if (const auto target = s2c::ResolveReference(*base, text))
    Require(s2c::Url::Parse(target->ToString()).has_value(), "a redirect's target is an address");
  if (const auto url = s2c::Url::Parse(text))
    Require(*s2c::Url::Parse(url->ToString()) == *url, "an address is read as it is written");
  return 0;
}
