// SPDX-License-Identifier: MIT
#include "client/http/exchange.h"

#include <algorithm>

namespace s2c {

std::string_view Response::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

Status Response::Add(const Request& request, const char* data, std::size_t size) {
  const auto too_long = [](ErrorKind kind, std::uint64_t limit) {
    return Fail(kind, "the answer is longer than the " + std::to_string(limit) +
                          " bytes that are expected at most");
  };
  if (request.range && status == 206) {
    if (!part) part = std::make_shared<Body>(static_cast<std::size_t>(request.range->size));
    if (!part->Append(data, size)) return too_long(ErrorKind::kProtocol, request.range->size);
    return {};
  }
  const bool is_whole = request.range && status == 200;
  const std::uint64_t had = whole ? whole->size() : body.size();
  if (size > request.max_body - std::min<std::uint64_t>(had, request.max_body))
    return too_long(is_whole ? ErrorKind::kProtocol : ErrorKind::kTooLong, request.max_body);
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
