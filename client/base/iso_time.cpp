// SPDX-License-Identifier: MIT
#include "client/base/iso_time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace s2c {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes text apart from its front.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly so many digits, of a number up to `most`.
  bool Number(std::size_t digits, int least, int most, int& number) {
    if (rest_.size() < digits) return false;
    number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!IsDigit(rest_[i])) return false;
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return number >= least && number <= most;
  }
  /// Digits behind the point, at least one.
  bool Fraction(double& fraction) {
    std::size_t digits = 0;
    for (double place = 0.1; digits < rest_.size() && IsDigit(rest_[digits]); ++digits, place /= 10)
      fraction += place * (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    return digits > 0;
  }

 private:
  std::string_view rest_;
};

int DaysOf(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool ScanDay(Scanner& scanner, IsoTime& time) {
  return scanner.Number(4, 0, 9999, time.year) && scanner.Take('-') &&
         scanner.Number(2, 1, 12, time.month) && scanner.Take('-') &&
         scanner.Number(2, 1, DaysOf(time.year, time.month), time.day);
}

bool ScanTimeOfDay(Scanner& scanner, IsoTime& time) {
  if (!scanner.Number(2, 0, 23, time.hour) || !scanner.Take(':') ||
      !scanner.Number(2, 0, 59, time.minute))
    return false;
  time.precision = IsoTime::Precision::kMinute;
  if (!scanner.Take(':')) return true;
  time.precision = IsoTime::Precision::kSecond;
  if (!scanner.Number(2, 0, 60, time.second)) return false;
  const bool has_fraction = scanner.Take('.') || scanner.Take(',');
  return !has_fraction || scanner.Fraction(time.fraction);
}

bool ScanZone(Scanner& scanner, IsoTime& time) {
  if (scanner.AtEnd()) return true;
  time.offset_minutes = 0;
  if (scanner.Take('Z')) return scanner.AtEnd();
  const bool west = scanner.Take('-');
  if (!west && !scanner.Take('+')) return false;
  int hours = 0, minutes = 0;
  if (!scanner.Number(2, 0, 23, hours)) return false;
  const bool has_minutes = scanner.Take(':') || !scanner.AtEnd();
  if (has_minutes && !scanner.Number(2, 0, 59, minutes)) return false;
  time.offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  return scanner.AtEnd();
}

}  // namespace

std::optional<IsoTime> ParseIsoTime(std::string_view text) {
  Scanner scanner(text);
  IsoTime time;
  if (!ScanDay(scanner, time)) return std::nullopt;
  if (scanner.AtEnd()) return time;
  if (!scanner.Take('T') && !scanner.Take(' ')) return std::nullopt;
  if (!ScanTimeOfDay(scanner, time) || !ScanZone(scanner, time)) return std::nullopt;
  return time;
}

// The days since 1970 of a day in the proleptic Gregorian calendar (ISO 8601, section 5.2.1): whole
// years before it, with a leap day each fourth one, save those of the centuries.
std::int64_t UnixMilliseconds(const IsoTime& time) {
  const auto leap_days = [](std::int64_t year) { return year / 4 - year / 100 + year / 400; };
  const std::int64_t years = time.year - 1;
  std::int64_t days = (years - 1969) * 365 + leap_days(years) - leap_days(1969) + time.day - 1;
  for (int month = 1; month < time.month; ++month) days += DaysOf(time.year, month);
  const std::int64_t minutes =
      (days * 24 + time.hour) * 60 + time.minute - time.offset_minutes.value_or(0);
  // A leap second is counted as the one before it, and so is a fraction of so many nines that it
  // is 1.
  return (minutes * 60 + std::min(time.second, 59)) * 1000 +
         std::min(static_cast<std::int64_t>(time.fraction * 1000), std::int64_t{999});
}

std::string IsoTimeText(double epoch_seconds) {
  static constexpr double kLast = 253402300799;  // of the year 9999
  const auto seconds = epoch_seconds > 0 ? static_cast<std::int64_t>(std::min(epoch_seconds, kLast))
                                         : std::int64_t{0};
  return IsoMillisecondsText(seconds * 1000).erase(19, 4);
}

std::string IsoMillisecondsText(std::int64_t unix_milliseconds) {
  static constexpr std::int64_t kLast = 253402300799999;  // of the year 9999
  const std::int64_t bounded = std::clamp<std::int64_t>(unix_milliseconds, 0, kLast);
  const std::int64_t seconds = bounded / 1000;
  auto days = static_cast<int>(seconds / 86400);
  const auto of_day = static_cast<int>(seconds % 86400);
  int year = 1970;
  for (; days >= DaysOf(year, 2) + 337; ++year) days -= DaysOf(year, 2) + 337;
  int month = 1;
  for (; days >= DaysOf(year, month); ++month) days -= DaysOf(year, month);
  char text[80];
  std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, days + 1,
                of_day / 3600, of_day / 60 % 60, of_day % 60, static_cast<int>(bounded % 1000));
  return text;
}

}  // namespace s2c
