// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c::testing_support {

/// RFC 4648, section 5, without padding: as the parts of a JWT are written.
inline std::string EncodeBase64Url(const std::string& bytes) {
  static constexpr const char* kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

/// A token that says these claims, JSON as it is given.
inline std::string MakeJwt(const std::string& claims) {
  return "aGVhZA." + EncodeBase64Url(claims) + ".c2ln";
}

}  // namespace s2c::testing_support
