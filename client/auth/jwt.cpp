// SPDX-License-Identifier: MIT
#include "client/auth/jwt.h"

#include <string_view>

#include "client/base/json.h"

namespace s2c {
namespace {

// RFC 4648, section 5, without padding. What is no such text decodes to something that is no JSON.
std::string DecodeBase64Url(const std::string& text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

}  // namespace

std::optional<std::string> JwtClaim(const Secret& token, const char* name) {
  const std::string& jwt = token.Reveal();
  const std::size_t first = jwt.find('.');
  const std::size_t last = jwt.rfind('.');
  if (first == std::string::npos || first == last) return std::nullopt;
  const auto claims = ParseJson(DecodeBase64Url(jwt.substr(first + 1, last - first - 1)));
  auto text = claims ? TextAt(**claims, name) : std::nullopt;
  if (text && text->empty()) return std::nullopt;
  return text;
}

}  // namespace s2c
