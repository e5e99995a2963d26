// SPDX-License-Identifier: MIT
#include "tests/unit/support/fake_file.h"

#include <algorithm>

#include "tests/unit/support/fake_transport.h"

namespace s2c::testing_support {

std::string Pattern(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 12345;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;  // Numerical Recipes' generator
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

std::string ContentRangeText(const ByteRange& range, std::size_t total) {
  return "bytes " + std::to_string(range.offset) + "-" + std::to_string(range.end() - 1) + "/" +
         std::to_string(total);
}

Result<Response> FakeFile::operator()(const Request& request) const {
  if (!request.range) return Answer(200, content, {{"etag", etag}});
  const ByteRange& range = *request.range;
  if (range.offset >= content.size())
    return Answer(416, "", {{"content-range", "bytes */" + std::to_string(content.size())}});
  const ByteRange sent{range.offset,
                       std::min<std::uint64_t>(range.size, content.size() - range.offset)};
  return Answer(
      206,
      content.substr(static_cast<std::size_t>(sent.offset), static_cast<std::size_t>(sent.size)),
      {{"content-type", "image/tiff"},
       {"etag", etag},
       {"content-range", ContentRangeText(sent, content.size())}});
}

}  // namespace s2c::testing_support
