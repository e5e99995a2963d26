// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s2c {

/// ASCII only: header names, hosts and file extensions, never a user's text.
std::string LowerCase(std::string_view text);
bool EqualIgnoringCase(std::string_view a, std::string_view b);
std::string_view Trim(std::string_view text);
bool StartsWith(std::string_view text, std::string_view beginning);
/// Without the line breaks that an editor, or pasting, leaves at the end.
std::string_view WithoutLineEnds(std::string_view text);
/// Without the mark that some editors put before a text in UTF-8.
std::string_view WithoutByteOrderMark(std::string_view text);

/// A control character of ASCII: one that ends a header's line, or that no header can hold.
bool IsControl(char c);
bool HasControl(std::string_view text);

/// "a,b,c"
std::string Joined(const std::vector<std::string>& parts);

/// Digits only, no sign, no blanks; nothing where it does not fit 64 bits.
std::optional<std::uint64_t> ParseUnsigned(std::string_view text);

/// A server's text made fit for one line of an error: control characters become blanks, and it is
/// cut at `limit` bytes, at a character's border (UTF-8).
std::string OneLine(std::string_view text, std::size_t limit = 300);

/// The same for what the user wrote, which may hold a password (issue 9): without the options that
/// QGIS puts behind a name ("|option:PASSWORD=..."), and without the user and what cannot be a port
/// in an address.
std::string UserText(std::string_view text, std::size_t limit = 300);

/// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells texts apart, hides nothing
/// that can be guessed.
std::uint64_t Fingerprint(std::string_view text);

}  // namespace s2c
