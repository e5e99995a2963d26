// SPDX-License-Identifier: MIT
#include "client/http/curl_date.h"

#include <curl/curl.h>

#include <string>

namespace s2c {

std::optional<std::int64_t> ParseHttpDate(std::string_view text) {
  // libcurl also takes dates without a day of the week or a time, down to a bare 20260101.
  static constexpr std::string_view kLetters = "FMSTW";
  if (text.empty() || kLetters.find(text.front()) == std::string_view::npos ||
      text.find(':') == std::string_view::npos)
    return std::nullopt;
  const time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return std::int64_t{seconds};
}

}  // namespace s2c
