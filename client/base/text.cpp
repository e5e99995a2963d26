// SPDX-License-Identifier: MIT
#include "client/base/text.h"

#include <algorithm>
#include <charconv>

namespace s2c {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::size_t FindIgnoringCase(std::string_view text, std::string_view wanted) {
  for (std::size_t i = 0; i + wanted.size() <= text.size(); ++i) {
    if (EqualIgnoringCase(text.substr(i, wanted.size()), wanted)) return i;
  }
  return std::string_view::npos;
}

// "https://user:word@host:port/" and "https://user:word" without the user and the word. A password
// may hold a slash, so all before the last '@' is taken for it.
std::string WithoutUser(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::string(text);
  const std::size_t start = scheme + 3;
  const std::string before = std::string(text.substr(0, start));
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos && at >= start)
    return before + "***" + std::string(text.substr(at));
  const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
  const std::string_view authority = text.substr(start, end - start);
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.back() == ']' ||
      ParseUnsigned(authority.substr(colon + 1)))
    return std::string(text);
  return before + std::string(authority.substr(0, colon)) + ":***" + std::string(text.substr(end));
}

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  return lower;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool StartsWith(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (StartsWith(text, kMark)) text.remove_prefix(kMark.size());
  return text;
}

std::string_view WithoutLineEnds(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool HasControl(std::string_view text) { return std::any_of(text.begin(), text.end(), IsControl); }

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? "," : "") + parts[i];
  return text;
}

std::optional<std::uint64_t> ParseUnsigned(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::uint64_t Fingerprint(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string UserText(std::string_view text, std::size_t limit) {
  std::size_t end = text.size();
  for (const char* options : {"|option:", "|credential:"})
    end = std::min(end, FindIgnoringCase(text, options));
  const std::string line = OneLine(WithoutUser(text.substr(0, end)), limit);
  return end == text.size() ? line : line + "|...";
}

std::string OneLine(std::string_view text, std::size_t limit) {
  std::string line(Trim(text));
  std::replace_if(line.begin(), line.end(), IsControl, ' ');
  if (line.size() <= limit) return line;
  std::size_t cut = limit;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
  return line.substr(0, cut) + "...";
}

}  // namespace s2c
