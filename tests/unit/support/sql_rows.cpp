// SPDX-License-Identifier: MIT
#include "tests/unit/support/sql_rows.h"

#include <cpl_time.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

namespace s2c::testing_support {
namespace {

using Outcome = std::optional<bool>;

Outcome Refuse(const std::string& why) {
  ADD_FAILURE() << "the server would refuse: " << why;
  return std::nullopt;
}

std::vector<std::string> Characters(const std::string& text) {
  std::vector<std::string> characters;
  for (const char c : text) {
    if ((c & 0xC0) == 0x80 && !characters.empty())
      characters.back() += c;
    else
      characters.emplace_back(1, c);
  }
  return characters;
}

// As glibc's towlower() in a UTF-8 locale, for the characters of the tests.
std::string Lower(const std::string& character) {
  if (character.size() == 1 && character[0] >= 'A' && character[0] <= 'Z')
    return std::string(1, static_cast<char>(character[0] + 32));
  if (character == "\xC3\x9C") return "\xC3\xBC";  // U umlaut
  if (character == "\xE2\x84\xAA") return "k";     // Kelvin sign
  if (character == "\xC4\xB0") return "i";         // dotted capital I
  return character;
}

bool LikeAt(const std::vector<std::string>& text, std::size_t i,
            const std::vector<std::string>& pattern, std::size_t p, bool fold) {
  if (p == pattern.size()) return i == text.size();
  if (pattern[p] == "%") {
    for (std::size_t next = i; next <= text.size(); ++next)
      if (LikeAt(text, next, pattern, p + 1, fold)) return true;
    return false;
  }
  if (i == text.size()) return false;
  if (pattern[p] == "_") return LikeAt(text, i + 1, pattern, p + 1, fold);
  if (pattern[p] == "\\") ++p;
  if (p == pattern.size()) {
    ADD_FAILURE() << "LIKE pattern must not end with escape character";
    return false;
  }
  const bool same = fold ? Lower(text[i]) == Lower(pattern[p]) : text[i] == pattern[p];
  return same && LikeAt(text, i + 1, pattern, p + 1, fold);
}

Outcome EvaluateLike(const std::string& op, const SqlValue& found, const JsonValue& value) {
  if (std::holds_alternative<std::monostate>(found)) return std::nullopt;
  const auto* const text = std::get_if<std::string>(&found);
  if (!text || !value.IsString()) return Refuse("LIKE of what is no text");
  const bool fold = op.find("ilike") != std::string::npos;
  const bool like = LikeAt(Characters(*text), 0,
                           Characters({value.GetString(), value.GetStringLength()}), 0, fold);
  return like == (op.substr(0, 3) != "not");
}

template <class T>
Outcome Compared(const std::string& op, const T& a, const T& b) {
  if (op == "eq") return a == b;
  if (op == "ne") return a != b;
  if (op == "lt") return a < b;
  if (op == "le") return a <= b;
  if (op == "gt") return a > b;
  if (op == "ge") return a >= b;
  return Refuse("operator " + op);
}

Outcome Compare(const std::string& op, const SqlValue& found, const JsonValue& value) {
  if (std::holds_alternative<std::monostate>(found)) return std::nullopt;
  const bool equality = op == "eq" || op == "ne";
  if (const auto* const text = std::get_if<std::string>(&found)) {
    if (!value.IsString() || !equality) return Refuse("comparing texts by " + op);
    return Compared<std::string>(op, *text, {value.GetString(), value.GetStringLength()});
  }
  if (const auto* const boolean = std::get_if<bool>(&found)) {
    if (!value.IsBool() || !equality) return Refuse("comparing booleans by " + op);
    return Compared(op, *boolean, value.GetBool());
  }
  if (const auto* const time = std::get_if<Microseconds>(&found)) {
    const auto other = value.IsString() ? ReadApiTime(value.GetString()) : std::nullopt;
    if (!other) return Refuse("no time: " + ToJson(value));
    return Compared(op, time->since_1970, other->since_1970);
  }
  if (!value.IsNumber()) return Refuse("no number: " + ToJson(value));
  const auto* const integer = std::get_if<std::int64_t>(&found);
  if (integer && value.IsInt64()) return Compared<std::int64_t>(op, *integer, value.GetInt64());
  if (integer) return Compared(op, static_cast<double>(*integer), value.GetDouble());
  const double real = std::get<double>(found);
  // PostgreSQL takes NaN for more than any other number.
  return Compared(op, std::isnan(real) ? HUGE_VAL : real, value.GetDouble());
}

Outcome EvaluateIn(const SqlValue& found, const JsonValue& values, bool listed) {
  if (!values.IsArray() || values.Empty()) return Refuse("IN of no list, or of an empty one");
  if (std::holds_alternative<std::monostate>(found)) return std::nullopt;
  for (const JsonValue& value : values.GetArray())
    if (Compare("eq", found, value) == true) return listed;
  return !listed;
}

Outcome EvaluateLeaf(const JsonValue& filter, const SqlRow& row) {
  const auto column = row.find(TextAt(filter, "name").value_or("(none)"));
  const std::string op = TextAt(filter, "op").value_or("(none)");
  const auto value = filter.FindMember("val");
  if (column == row.end() || value == filter.MemberEnd()) return Refuse(ToJson(filter));
  const SqlValue& found = column->second;
  if (op == "is_" || op == "isnot") {
    if (!value->value.IsNull()) return Refuse("IS takes null");
    return std::holds_alternative<std::monostate>(found) == (op == "is_");
  }
  if (op == "in" || op == "notin_") return EvaluateIn(found, value->value, op == "in");
  if (op == "ilike" || op == "notilike" || op == "notlike")
    return EvaluateLike(op, found, value->value);
  return Compare(op, found, value->value);
}

// False decides AND, true decides OR; else unknown wins.
Outcome EvaluateJunction(const JsonValue& parts, const SqlRow& row, bool decisive) {
  if (!parts.IsArray() || parts.Empty()) return Refuse("an empty junction");
  Outcome outcome = !decisive;
  for (const JsonValue& part : parts.GetArray()) {
    const Outcome one = Evaluate(part, row);
    if (one == decisive) return decisive;
    if (!one) outcome = std::nullopt;
  }
  return outcome;
}

}  // namespace

std::optional<bool> Evaluate(const JsonValue& filter, const SqlRow& row) {
  if (!filter.IsObject()) return Refuse("a condition that is no object");
  if (const JsonValue* const parts = Find(filter, "or")) return EvaluateJunction(*parts, row, true);
  if (const JsonValue* const parts = Find(filter, "and"))
    return EvaluateJunction(*parts, row, false);
  return EvaluateLeaf(filter, row);
}

bool TakesRow(const std::string& parameter, const SqlRow& row) {
  if (parameter.empty()) return true;
  const auto document = ParseJson(parameter);
  if (!document) {
    ADD_FAILURE() << "no JSON: " << parameter;
    return false;
  }
  return EvaluateJunction(**document, row, false) == true;
}

std::string ApiTime(Microseconds time) {
  std::int64_t seconds = time.since_1970 / 1000000;
  std::int64_t rest = time.since_1970 % 1000000;
  if (rest < 0) {
    rest += 1000000;
    --seconds;
  }
  std::tm parts{};
  CPLUnixTimeToYMDHMS(seconds, &parts);
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(rest));
  return text;
}

std::optional<Microseconds> ReadApiTime(const std::string& text) {
  std::tm parts{};
  double seconds = 0;
  char zone[8] = {};
  const int found =
      std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%6s", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &seconds, zone);
  if (found != 3 && !(found == 7 && std::string(zone) == "+00:00")) return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return Microseconds{CPLYMDHMSToUnixTime(&parts) * std::int64_t{1000000} +
                      static_cast<std::int64_t>(seconds * 1e6 + 0.5)};
}

}  // namespace s2c::testing_support
