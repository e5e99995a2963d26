// SPDX-License-Identifier: MIT
#include "driver/table_cells.h"

#include <algorithm>
#include <charconv>

#include "client/base/text.h"

namespace s2c {
namespace {

// Beyond these, a double does not hold every whole number.
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes what fits `form` off the front: 9 stands for a digit, all else for itself.
bool Take(std::string_view& text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '9' ? !IsDigit(text[i]) : text[i] != form[i]) return false;
  }
  text.remove_prefix(form.size());
  return true;
}

bool IsZone(std::string_view zone) {
  if (zone.empty() || zone == "Z") return true;
  if (zone.front() != '+' && zone.front() != '-') return false;
  zone.remove_prefix(1);
  if (!Take(zone, "99")) return false;
  if (zone.empty()) return true;
  Take(zone, ":");
  // OGRField has zones in quarters of an hour.
  return zone == "00" || zone == "15" || zone == "30" || zone == "45";
}

int DaysOf(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// OGRParseDate() takes much more than is a time, so the form is looked at first.
std::optional<CellKind> ParseTime(std::string_view text, OGRField& value) {
  std::string_view rest = text;
  if (!Take(rest, "9999-99-99")) return std::nullopt;
  const bool is_date = rest.empty();
  if (!is_date) {
    if (!Take(rest, "T99:99") && !Take(rest, " 99:99")) return std::nullopt;
    if (Take(rest, ":99")) {
      if (Take(rest, ".9")) {
        while (Take(rest, "9")) continue;
      }
      if (!IsZone(rest)) return std::nullopt;
    } else if (!rest.empty()) {
      return std::nullopt;
    }
  }
  if (!OGRParseDate(std::string(text).c_str(), &value, 0)) return std::nullopt;
  if (value.Date.Day > DaysOf(value.Date.Year, value.Date.Month)) return std::nullopt;
  return is_date ? CellKind::kDate : CellKind::kDateTime;
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

bool IsMissing(std::string_view cell) {
  return cell.empty() || EqualIgnoringCase(cell, "nan") || EqualIgnoringCase(cell, "-nan") ||
         cell == "NaT";
}

}  // namespace

CellKind KindOf(std::string_view cell) {
  cell = Trim(cell);
  if (IsMissing(cell)) return CellKind::kMissing;
  if (ParseNumber<std::int64_t>(cell)) return CellKind::kInteger;
  if (ParseNumber<double>(cell)) return CellKind::kReal;
  OGRField value;
  return ParseTime(cell, value).value_or(CellKind::kText);
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
      return;
    case CellKind::kDateTime:
      date_time_ = true;
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
  if (times) return date_time_ ? OFTDateTime : OFTDate;
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
      feature.SetField(field, &value);
      return true;
    }
    default:
      feature.SetField(field, std::string(cell).c_str());
      return true;
  }
}

}  // namespace s2c
