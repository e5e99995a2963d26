// SPDX-License-Identifier: MIT
#include "client/base/shown_text.h"

namespace s2c {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kReplacementText = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

struct Character {
  char32_t code = kReplacement;
  std::size_t bytes = 1;
  bool is_valid = false;
};

// The first of a text that is not empty. What is longer than it needs to be, a surrogate or beyond
// U+10FFFF is no character.
Character First(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  const char32_t least = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes, true};
}

bool IsWithin(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

bool IsActive(char32_t code) {
  return code < 0x20 || IsWithin(code, 0x7F, 0x9F) || IsWithin(code, 0x2028, 0x202E) ||
         IsWithin(code, 0x200E, 0x200F) || IsWithin(code, 0x2066, 0x2069) || code == 0x061C ||
         code == 0xFEFF;
}

// As far as the texts of a service in Europe go: combining accents, and the wide East Asian blocks.
std::size_t Columns(char32_t code) {
  if (IsWithin(code, 0x0300, 0x036F) || IsWithin(code, 0x200B, 0x200D) ||
      IsWithin(code, 0xFE00, 0xFE0F))
    return 0;
  const bool is_wide = IsWithin(code, 0x1100, 0x115F) || IsWithin(code, 0x2E80, 0xA4CF) ||
                       IsWithin(code, 0xAC00, 0xD7A3) || IsWithin(code, 0xF900, 0xFAFF) ||
                       IsWithin(code, 0xFF00, 0xFF60) || IsWithin(code, 0x1F300, 0x1F64F) ||
                       IsWithin(code, 0x1F900, 0x1F9FF) || IsWithin(code, 0x20000, 0x3FFFD);
  return is_wide ? 2 : 1;
}

template <class Use>
void ForEach(std::string_view text, Use use) {
  while (!text.empty()) {
    const Character character = First(text);
    if (!use(character, text.substr(0, character.bytes))) return;
    text.remove_prefix(character.bytes);
  }
}

}  // namespace

std::string ValidUtf8(std::string_view text) {
  std::string valid;
  ForEach(text, [&](const Character& character, std::string_view bytes) {
    valid += character.is_valid ? bytes : kReplacementText;
    return true;
  });
  return valid;
}

std::string ShownText(std::string_view text) {
  std::string shown;
  ForEach(text, [&](const Character& character, std::string_view bytes) {
    shown += !character.is_valid ? kReplacementText : IsActive(character.code) ? " " : bytes;
    return true;
  });
  return shown;
}

std::size_t FirstShown(std::string_view text) {
  const Character first = First(text);
  return first.is_valid && !IsActive(first.code) ? first.bytes : 0;
}

std::size_t ShownWidth(std::string_view text) {
  std::size_t width = 0;
  ForEach(text, [&](const Character& character, std::string_view) {
    width += Columns(character.code);
    return true;
  });
  return width;
}

std::string CutToWidth(std::string_view text, std::size_t columns) {
  if (ShownWidth(text) <= columns) return std::string(text);
  std::string cut;
  if (columns == 0) return cut;
  std::size_t left = columns - 1;
  ForEach(text, [&](const Character& character, std::string_view bytes) {
    const std::size_t width = Columns(character.code);
    if (width > left) return false;
    left -= width;
    cut += bytes;
    return true;
  });
  return cut + std::string(kEllipsis);
}

}  // namespace s2c
