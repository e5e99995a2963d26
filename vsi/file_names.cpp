// SPDX-License-Identifier: MIT
#include "vsi/file_names.h"

#include <algorithm>
#include <cstdio>

#include "client/base/shown_text.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::string_view kNotInFileNames = "/\\:*?\"<>|%";
// File systems hold 255 bytes, or as many UTF-16 units, which are never more; a last character may
// still be encoded.
constexpr std::size_t kMostBytes = 250;

std::string Escape(char c) {
  char escape[4];
  std::snprintf(escape, sizeof(escape), "%%%02X", static_cast<unsigned char>(c));
  return escape;
}

// Whether Windows takes the name for a device, whatever its extension
// (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
bool IsDevice(std::string_view name) {
  const std::string base = LowerCase(Trim(name.substr(0, name.find('.'))));
  for (const char* device : {"con", "prn", "aux", "nul", "conin$", "conout$"}) {
    if (base == device) return true;
  }
  const std::string start = base.substr(0, 3);
  if (start != "com" && start != "lpt") return false;
  const std::string number = base.substr(3);
  return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\xC2\xB9" ||
         number == "\xC2\xB2" || number == "\xC2\xB3";
}

// At most `limit` bytes of an encoded name, at the border of a character and of an escape.
std::string_view Cut(std::string_view encoded, std::size_t limit) {
  if (encoded.size() <= limit) return encoded;
  while (limit > 0 && (static_cast<unsigned char>(encoded[limit]) & 0xC0) == 0x80) --limit;
  const std::size_t escape = encoded.substr(0, limit).rfind('%');
  if (escape != std::string_view::npos && limit - escape < 3) limit = escape;
  return encoded.substr(0, limit);
}

// Windows takes blanks and dots off the end of a name.
std::string WithEncodedEnd(std::string name) {
  if (name.empty() || (name.back() != '.' && name.back() != ' ')) return name;
  const std::string end = Escape(name.back());
  name.pop_back();
  return name + end;
}

// The small letter of a capital with two bytes in UTF-8.
unsigned SmallLetter(unsigned letter) {
  const auto within = [&](unsigned first, unsigned last) {
    return letter >= first && letter <= last;
  };
  if ((within(0xC0, 0xDE) && letter != 0xD7) || within(0x391, 0x3A9) || within(0x410, 0x42F))
    return letter + 0x20;
  if (within(0x400, 0x40F)) return letter + 0x50;
  const bool capitals_are_odd = within(0x139, 0x148) || within(0x179, 0x17E);
  if (within(0x100, 0x17E) && letter != 0x130 && letter != 0x131 && letter != 0x138 &&
      letter != 0x149 && letter != 0x178)
    return letter % 2 == (capitals_are_odd ? 1U : 0U) ? letter + 1 : letter;
  return letter;
}

}  // namespace

std::string EncodeFileName(std::string_view name) {
  std::size_t dots = std::min(name.find_first_not_of('.'), name.size());
  if (dots == 1 && name.size() > 1) dots = 0;
  const bool device = IsDevice(name);
  const std::size_t size = name.size();
  std::string encoded;
  while (!name.empty()) {
    const std::size_t i = size - name.size();
    const std::size_t shown = FirstShown(name);
    const bool plain = shown > 0 && i >= dots && !(device && i == 0) &&
                       kNotInFileNames.find(name.front()) == std::string_view::npos;
    encoded += plain ? std::string(name.substr(0, shown)) : Escape(name.front());
    name.remove_prefix(plain ? shown : 1);
  }
  return encoded;
}

std::string FileNames::Take(std::string_view stem, std::string_view extension) {
  const std::string start = EncodeFileName(stem);
  const std::string dot_end = EncodeFileName(extension);
  // What is cut off makes no difference, and neither does case; no encoded name has a slash.
  const std::string key = FoldCase(start.substr(0, kMostBytes + 1) + "/" + dot_end);
  const auto numbered = [&](int number) {
    const std::string copy = number == 1 ? "" : " (" + std::to_string(number) + ")";
    const std::string end(Cut(copy + dot_end, kMostBytes / 2));
    return WithEncodedEnd(std::string(Cut(start, kMostBytes - end.size())) + end);
  };
  return twins_.Next(key, numbered,
                     [&](const std::string& name) { return taken_.insert(FoldCase(name)).second; });
}

std::string FoldCase(std::string_view text) {
  std::string folded = LowerCase(text);
  for (std::size_t i = 0; i + 1 < folded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(folded[i]);
    if (lead < 0xC3 || lead > 0xD1) continue;
    const auto next = static_cast<unsigned char>(folded[i + 1]);
    const unsigned small = SmallLetter((lead & 0x1FU) << 6 | (next & 0x3FU));
    folded[i] = static_cast<char>(0xC0 | small >> 6);
    folded[i + 1] = static_cast<char>(0x80 | (small & 0x3F));
  }
  return folded;
}

}  // namespace s2c
