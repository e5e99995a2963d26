// SPDX-License-Identifier: MIT
#include "client/auth/password.h"

#include <cstdint>

#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMaxFile = 4096;
// In UTF-8 no text has these bytes.
constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
constexpr std::string_view kBigEndianMark = "\xFE\xFF";

void AppendUtf8(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

// RFC 2781, of what follows the byte order mark. Half a pair is no text in UTF-8 either, and a
// server will say so.
std::string FromUtf16(std::string_view bytes, bool little_endian) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little_endian ? second << 8 | first : first << 8 | second);
  };
  std::string text;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size()) {
      at += 2;
      code = 0x10000 + ((code & 0x3FF) << 10 | (unit(at) & 0x3FF));
    }
    AppendUtf8(text, code);
  }
  return text;
}

// As far as the bytes' own form goes (RFC 3629).
bool IsUtf8(std::string_view text) {
  std::size_t more = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (more > 0) {
      if ((byte & 0xC0) != 0x80) return false;
      --more;
    } else if (byte >= 0x80) {
      if (byte < 0xC2 || byte > 0xF4) return false;
      more = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    }
  }
  return more == 0;
}

}  // namespace

Secret TidyPassword(std::string_view text) {
  std::string converted;
  for (const std::string_view mark : {kLittleEndianMark, kBigEndianMark}) {
    if (!StartsWith(text, mark)) continue;
    converted = FromUtf16(text.substr(mark.size()), mark == kLittleEndianMark);
    text = converted;
  }
  return Secret(std::string(WithoutLineEnds(WithoutByteOrderMark(text))));
}

Result<PasswordFile> ReadPasswordFile(const std::string& path) {
  const auto file = ReadSmallFile(path, kMaxFile);
  if (!file)
    return Fail(ErrorKind::kCredentials,
                "the password file " + file.error().message + ": check S2C_PASSWORD_FILE");
  PasswordFile read{TidyPassword(file->content), file->privacy == FilePrivacy::kReadable};
  if (read.password.Reveal().find('\0') != std::string::npos)
    return Fail(ErrorKind::kCredentials, "the password file '" + path +
                                             "' holds NUL bytes, as text in UTF-16 does: save it "
                                             "as UTF-8");
  return read;
}

std::string LikelyMistake(const Secret& password) {
  const std::string& text = password.Reveal();
  if (text.empty()) return {};
  if (!IsUtf8(text)) return "is no UTF-8 text: save it as UTF-8";
  if (text.find_first_of("\r\n") != std::string::npos) return "has more than one line";
  if (Trim(text) != text) return "begins or ends with a blank";
  const bool is_quoted = text.size() > 1 && text.front() == text.back() &&
                         (text.front() == '"' || text.front() == '\'');
  return is_quoted ? "has quotation marks around it" : "";
}

}  // namespace s2c
