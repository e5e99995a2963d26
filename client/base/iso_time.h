// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace s2c {

/// A point in time in the extended form of ISO 8601, as far as its text goes.
struct IsoTime {
  enum class Precision { kDay, kMinute, kSecond };

  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  int second = 0;       ///< 60 in a leap second
  double fraction = 0;  ///< of a second
  Precision precision = Precision::kDay;
  std::optional<int> offset_minutes;  ///< from UTC; absent where the text does not say
};

/// YYYY-MM-DD, with HH:MM[:SS[.fraction]] behind a T or a blank, and behind that Z or an offset, of
/// which the colon and the minutes may be missing. Nothing for all else, and for a day that no
/// calendar has.
std::optional<IsoTime> ParseIsoTime(std::string_view text);

inline constexpr std::int64_t kDayMilliseconds = 86400000;

/// Since 1970; a time that does not say its zone is UTC, as for the service. The year is at
/// least 1.
std::int64_t UnixMilliseconds(const IsoTime& time);

/// YYYY-MM-DDTHH:MM:SSZ of a time in seconds since 1970; one before or
/// after the years 1970 to 9999 is taken for the nearest in them.
std::string IsoTimeText(double epoch_seconds);
/// The same with milliseconds, YYYY-MM-DDTHH:MM:SS.mmmZ.
std::string IsoMillisecondsText(std::int64_t unix_milliseconds);

}  // namespace s2c
