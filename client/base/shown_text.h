// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace s2c {

/// With U+FFFD in place of what is no UTF-8 (RFC 3629).
std::string ValidUtf8(std::string_view text);

/// The same, and blanks in place of what a terminal would do something on, or show in another
/// order: controls (also those of 8 bits), line separators, and marks of direction.
std::string ShownText(std::string_view text);

/// Bytes of the first character of a text that is not empty; 0 where it is no UTF-8, or none of a
/// ShownText().
std::size_t FirstShown(std::string_view text);

/// Columns that a terminal takes for a ShownText().
std::size_t ShownWidth(std::string_view text);

/// A ShownText() in at most `columns`, with an ellipsis where something was cut off.
std::string CutToWidth(std::string_view text, std::size_t columns);

}  // namespace s2c
