// SPDX-License-Identifier: MIT
#include "client/http/exchange.h"

#include <algorithm>

#include "client/base/text.h"
#include "client/http/byte_ranges.h"
#include "client/http/curl_date.h"

namespace s2c {
namespace {

tl::unexpected<Error> TooLong(ErrorKind kind, std::uint64_t limit, int status) {
  return Fail(
      kind,
      "the answer is longer than the " + std::to_string(limit) + " bytes that are expected at most",
      status);
}

}  // namespace

std::string_view Response::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::optional<std::int64_t> Response::Time(std::string_view lower_case_name) const {
  return ParseHttpDate(Header(lower_case_name));
}

bool Response::WasCoded() const {
  const std::string_view coding = Header("content-encoding");
  return !coding.empty() && !EqualIgnoringCase(coding, "identity");
}

// A server may send other bytes than were asked for, and says which (RFC 9110, section 15.3.7).
Status Response::AddToPart(const Request& request, const char* data, std::size_t size) {
  const ByteRange& asked = *request.range;
  if (!part) part = std::make_shared<Body>(static_cast<std::size_t>(asked.size));
  const auto content = ParseContentRange(Header("content-range"));
  // One that does not have the first byte is kept as it is, and refused when its head is looked at.
  const bool is_told = content && content->range && content->range->offset <= asked.offset &&
                       content->range->end() > asked.offset;
  const ByteRange sent = is_told ? *content->range : asked;
  // Of what is coded, the range may count the bytes on the way.
  const std::uint64_t most = WasCoded() ? request.max_body : sent.size;
  if (size > most - std::min(received, most) || received + size > request.max_body)
    return TooLong(ErrorKind::kProtocol, std::min(most, request.max_body), status);
  const std::uint64_t at = sent.offset + received;
  received += size;
  const std::uint64_t begin = std::max(at, asked.offset);
  const std::uint64_t end = std::min(at + size, asked.end());
  if (begin < end && begin == asked.offset + part->size())
    part->Append(data + (begin - at), static_cast<std::size_t>(end - begin));
  return {};
}

Status Response::Add(const Request& request, const char* data, std::size_t size) {
  if (request.range && status == 206) return AddToPart(request, data, size);
  const bool is_whole = request.range && status == 200;
  const std::uint64_t had = whole ? whole->size() : body.size();
  if (size > request.max_body - std::min<std::uint64_t>(had, request.max_body))
    return is_whole ? TooLong(ErrorKind::kProtocol, request.max_body, status)
                    : TooLong(ErrorKind::kTooLong, request.max_body, 0);
  if (!is_whole) {
    body.append(data, size);
    return {};
  }
  if (!whole) {
    auto file = TemporaryFile::Create();
    if (!file) return Pass(file);
    whole = std::move(*file);
  }
  return whole->Append(data, size);
}

}  // namespace s2c
