// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace s2c {

/// Seconds since 1970 of an HTTP date, in any of its three forms (RFC 9110, section 5.6.7); nothing
/// where the text is none.
std::optional<std::int64_t> ParseHttpDate(std::string_view text);

}  // namespace s2c
