// SPDX-License-Identifier: MIT
#include "driver/catalogue_values.h"

#include <cpl_time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "client/base/text.h"

namespace s2c {
namespace {

bool IsMissing(const JsonValue* value) {
  return !value || value->IsNull() ||
         (value->IsString() && Trim({value->GetString(), value->GetStringLength()}).empty());
}

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

struct Moment {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  double fraction = 0;
  int offset_minutes = 0;
};

bool ScanZone(Scanner& scanner, Moment& moment) {
  if (scanner.AtEnd() || scanner.Take('Z')) return scanner.AtEnd();
  const bool west = scanner.Take('-');
  if (!west && !scanner.Take('+')) return false;
  int hours = 0, minutes = 0;
  if (!scanner.Number(2, 0, 23, hours)) return false;
  scanner.Take(':');
  if (!scanner.AtEnd() && !scanner.Number(2, 0, 59, minutes)) return false;
  moment.offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  return scanner.AtEnd();
}

// YYYY-MM-DD, with a time of day behind a T or a blank. A leap second counts as the one before it.
bool Scan(std::string_view text, Moment& moment) {
  Scanner scanner(text);
  if (!scanner.Number(4, 0, 9999, moment.year) || !scanner.Take('-') ||
      !scanner.Number(2, 1, 12, moment.month) || !scanner.Take('-') ||
      !scanner.Number(2, 1, 31, moment.day))
    return false;
  const bool leap = (moment.year % 4 == 0 && moment.year % 100 != 0) || moment.year % 400 == 0;
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (moment.day > kDays[moment.month - 1] + (moment.month == 2 && leap ? 1 : 0)) return false;
  if (scanner.AtEnd()) return true;
  if (!scanner.Take('T') && !scanner.Take(' ')) return false;
  if (!scanner.Number(2, 0, 23, moment.hour) || !scanner.Take(':') ||
      !scanner.Number(2, 0, 59, moment.minute))
    return false;
  if (scanner.Take(':')) {
    if (!scanner.Number(2, 0, 60, moment.second)) return false;
    if (moment.second == 60) moment.second = 59;
    if ((scanner.Take('.') || scanner.Take(',')) && !scanner.Fraction(moment.fraction))
      return false;
  }
  return ScanZone(scanner, moment);
}

void MoveToUtc(Moment& moment) {
  if (moment.offset_minutes == 0) return;
  std::tm time{};
  time.tm_year = moment.year - 1900;
  time.tm_mon = moment.month - 1;
  time.tm_mday = moment.day;
  time.tm_hour = moment.hour;
  time.tm_min = moment.minute;
  time.tm_sec = moment.second;
  CPLUnixTimeToYMDHMS(CPLYMDHMSToUnixTime(&time) - moment.offset_minutes * 60, &time);
  moment = {time.tm_year + 1900, time.tm_mon + 1, time.tm_mday,    time.tm_hour,
            time.tm_min,         time.tm_sec,     moment.fraction, 0};
}

bool ReadMoment(const JsonValue& value, Moment& moment) {
  return value.IsString() && Scan(Trim({value.GetString(), value.GetStringLength()}), moment);
}

}  // namespace

bool SetText(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (!value || value->IsNull()) return true;
  const auto text = AsText(*value);
  feature.SetField(field, (text ? *text : ToJson(*value)).c_str());
  return true;
}

bool SetInteger(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  const auto number = AsNumber(*value);
  // Beyond this a double is not exact; the API's integers have 32 bits.
  constexpr double kMost = 9007199254740992.0;
  if (!number || std::trunc(*number) != *number || std::abs(*number) > kMost) return false;
  if (feature.GetDefnRef()->GetFieldDefn(field)->GetType() == OFTInteger &&
      (*number < INT32_MIN || *number > INT32_MAX))
    return false;
  feature.SetField(field, static_cast<GIntBig>(*number));
  return true;
}

bool SetReal(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  const auto number = AsNumber(*value);
  if (number && std::isfinite(*number)) feature.SetField(field, *number);
  return number.has_value();
}

bool SetBoolean(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  const std::string text = LowerCase(AsText(*value).value_or(""));
  for (const char* yes : {"true", "yes", "1"}) {
    if (text == yes) return feature.SetField(field, 1), true;
  }
  for (const char* no : {"false", "no", "0"}) {
    if (text == no) return feature.SetField(field, 0), true;
  }
  return false;
}

bool SetTime(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  Moment moment;
  if (!ReadMoment(*value, moment)) return false;
  MoveToUtc(moment);
  // OGR writes milliseconds, and must not round them up to a second 60.
  const double second = std::min(moment.second + moment.fraction, 59.999);
  constexpr int kUtc = 100;
  feature.SetField(field, moment.year, moment.month, moment.day, moment.hour, moment.minute,
                   static_cast<float>(second), kUtc);
  return true;
}

bool SetDate(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  Moment moment;
  if (!ReadMoment(*value, moment)) return false;
  feature.SetField(field, moment.year, moment.month, moment.day);
  return true;
}

bool SetJson(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  const std::string text = value->IsString() ? *AsText(*value) : ToJson(*value);
  if (value->IsString() && !ParseJson(text)) return false;
  feature.SetField(field, text.c_str());
  return true;
}

}  // namespace s2c
