// SPDX-License-Identifier: MIT
#include "driver/tables/table_cells.h"

#include <algorithm>
#include <charconv>

#include "client/base/iso_time.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Beyond these, a double does not hold every whole number.
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Of ISO 8601 what pandas writes, and OGRField holds: zones in quarters of an hour, no second
// beyond 60.
std::optional<CellKind> ParseTime(std::string_view text, OGRField& value) {
  const auto time = ParseIsoTime(text);
  if (!time || text.find(',') != std::string_view::npos) return std::nullopt;
  const double second = time->second + time->fraction;
  if (second > 60) return std::nullopt;
  const auto offset = time->offset_minutes;
  if (offset && (*offset % 15 != 0 || time->precision != IsoTime::Precision::kSecond))
    return std::nullopt;
  value.Date.Year = static_cast<GInt16>(time->year);
  value.Date.Month = static_cast<GByte>(time->month);
  value.Date.Day = static_cast<GByte>(time->day);
  value.Date.Hour = static_cast<GByte>(time->hour);
  value.Date.Minute = static_cast<GByte>(time->minute);
  // OGR's seconds are floats, which would round the end of a minute up to second 60.
  value.Date.Second = static_cast<float>(time->second < 60 ? std::min(second, 59.999) : second);
  value.Date.TZFlag = static_cast<GByte>(kUtc + offset.value_or(0) / 15);
  value.Date.Reserved = 0;
  return time->precision == IsoTime::Precision::kDay ? CellKind::kDate : CellKind::kDateTime;
}

template <class Number>
std::optional<Number> ParseNumber(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const std::string_view digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
  // A leading zero makes a key, not a number.
  if (digits.size() > 1 && digits[0] == '0' && IsDigit(digits[1])) return std::nullopt;
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// Of a number: whether it has digits alone, behind its sign.
bool IsWhole(std::string_view number) {
  return std::all_of(number.begin() + 1, number.end(), IsDigit) &&
         (IsDigit(number[0]) || number.size() > 1);
}

bool IsMissing(std::string_view cell) {
  return cell.empty() || EqualIgnoringCase(cell, "nan") || EqualIgnoringCase(cell, "-nan") ||
         cell == "NaT";
}

}  // namespace

CellKind KindOf(std::string_view cell) {
  cell = Trim(cell);
  if (IsMissing(cell)) return CellKind::kMissing;
  if (ParseNumber<std::int64_t>(cell)) return CellKind::kInteger;
  if (ParseNumber<double>(cell)) return IsWhole(cell) ? CellKind::kText : CellKind::kReal;
  OGRField value;
  return ParseTime(cell, value).value_or(CellKind::kText);
}

void ColumnType::AddZone(std::string_view cell) {
  OGRField value;
  if (!ParseTime(Trim(cell), value)) return;
  const int zone = value.Date.TZFlag;
  zone_ = zone_.value_or(zone) == zone ? zone : kMixedZones;
}

void ColumnType::Add(std::string_view cell) {
  switch (KindOf(cell)) {
    case CellKind::kMissing:
      return;
    case CellKind::kInteger: {
      const std::int64_t number = ParseNumber<std::int64_t>(Trim(cell)).value_or(0);
      least_ = std::min(least_, number);
      greatest_ = std::max(greatest_, number);
      integer_ = true;
      return;
    }
    case CellKind::kReal:
      real_ = true;
      return;
    case CellKind::kDate:
      date_ = true;
      AddZone(cell);
      return;
    case CellKind::kDateTime:
      date_time_ = true;
      AddZone(cell);
      return;
    case CellKind::kText:
      text_ = true;
      return;
  }
}

OGRFieldType ColumnType::Get(Role role, bool all_seen) const {
  const bool numbers = integer_ || real_;
  const bool times = date_ || date_time_;
  if (!numbers && !times && !text_) {
    if (role == Role::kTime) return OFTDateTime;
    return role == Role::kValue ? OFTReal : OFTString;
  }
  if (text_ || (numbers && times)) return OFTString;
  if (times) return date_time_ || !all_seen ? OFTDateTime : OFTDate;
  if (real_) return OFTReal;
  if (!all_seen) {
    const bool exact = least_ >= -kMostExact && greatest_ <= kMostExact;
    return role == Role::kValue && exact ? OFTReal : OFTInteger64;
  }
  return least_ >= INT32_MIN && greatest_ <= INT32_MAX ? OFTInteger : OFTInteger64;
}

bool SetCell(OGRFeature& feature, int field, std::string_view cell) {
  feature.SetFieldNull(field);
  const std::string_view text = Trim(cell);
  if (IsMissing(text)) return true;
  switch (feature.GetDefnRef()->GetFieldDefn(field)->GetType()) {
    case OFTInteger:
    case OFTInteger64: {
      const auto number = ParseNumber<std::int64_t>(text);
      const bool is_short = feature.GetDefnRef()->GetFieldDefn(field)->GetType() == OFTInteger;
      if (!number || (is_short && (*number < INT32_MIN || *number > INT32_MAX))) return false;
      feature.SetField(field, static_cast<GIntBig>(*number));
      return true;
    }
    case OFTReal: {
      const auto number = ParseNumber<double>(text);
      if (number) feature.SetField(field, *number);
      return number.has_value();
    }
    case OFTDate:
    case OFTDateTime: {
      OGRField value;
      const auto kind = ParseTime(text, value);
      const bool is_date = feature.GetDefnRef()->GetFieldDefn(field)->GetType() == OFTDate;
      // A date has no place for the time of day.
      if (!kind || (is_date && *kind != CellKind::kDate)) return false;
      if (is_date) value.Date.TZFlag = 0;
      feature.SetField(field, &value);
      return true;
    }
    default:
      feature.SetField(field, std::string(cell).c_str());
      return true;
  }
}

}  // namespace s2c
