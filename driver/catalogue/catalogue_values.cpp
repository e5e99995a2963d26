// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_values.h"

#include <cpl_time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "client/base/iso_time.h"
#include "client/base/text.h"
#include "vsi/gdal_compat.h"

namespace s2c {
namespace {

bool IsMissing(const JsonValue* value) {
  return !value || value->IsNull() ||
         (value->IsString() && Trim({value->GetString(), value->GetStringLength()}).empty());
}

// A leap second counts as the one before it.
std::optional<IsoTime> ReadTime(const JsonValue& value) {
  if (!value.IsString()) return std::nullopt;
  auto time = ParseIsoTime(Trim({value.GetString(), value.GetStringLength()}));
  if (time) time->second = std::min(time->second, 59);
  return time;
}

void MoveToUtc(IsoTime& moment) {
  const int offset = moment.offset_minutes.value_or(0);
  if (offset == 0) return;
  std::tm time{};
  time.tm_year = moment.year - 1900;
  time.tm_mon = moment.month - 1;
  time.tm_mday = moment.day;
  time.tm_hour = moment.hour;
  time.tm_min = moment.minute;
  time.tm_sec = moment.second;
  CPLUnixTimeToYMDHMS(CPLYMDHMSToUnixTime(&time) - offset * 60, &time);
  moment.year = time.tm_year + 1900;
  moment.month = time.tm_mon + 1;
  moment.day = time.tm_mday;
  moment.hour = time.tm_hour;
  moment.minute = time.tm_min;
  moment.offset_minutes = 0;
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
  auto time = ReadTime(*value);
  if (!time) return false;
  MoveToUtc(*time);
  // OGR writes milliseconds, and must not round them up to a second 60.
  const double second = std::min(time->second + time->fraction, 59.999);
  feature.SetField(field, time->year, time->month, time->day, time->hour, time->minute,
                   static_cast<float>(second), kUtc);
  return true;
}

bool SetDate(const JsonValue* value, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (IsMissing(value)) return true;
  const auto time = ReadTime(*value);
  if (!time) return false;
  feature.SetField(field, time->year, time->month, time->day);
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

bool HasZone(const OGRFeature& feature, int field) {
  return feature.GetRawFieldRef(field)->Date.TZFlag > kMixedZones;
}

std::int64_t MomentOf(const OGRFeature& feature, int field) {
  const auto& date = feature.GetRawFieldRef(field)->Date;
  IsoTime time;
  time.year = std::max<int>(date.Year, 1);
  time.month = date.Month;
  time.day = date.Day;
  time.hour = date.Hour;
  time.minute = date.Minute;
  // Flags count quarters of an hour.
  if (HasZone(feature, field)) time.offset_minutes = (date.TZFlag - kUtc) * 15;
  return UnixMilliseconds(time) + std::llround(static_cast<double>(date.Second) * 1000);
}

}  // namespace s2c
