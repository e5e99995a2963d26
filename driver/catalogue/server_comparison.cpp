// SPDX-License-Identifier: MIT
#include "driver/catalogue/server_comparison.h"

#include <cpl_time.h>
#include <ogr_core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>

#include "vsi/gdal_compat.h"

namespace s2c {
namespace {

// Up to there a double holds every integer, and comparing as doubles is comparing as integers.
constexpr double kExactIntegers = 9007199254740992.0;
// A server may keep fewer digits than it writes.
constexpr double kRealTolerance = 1e-6;
// The layer has milliseconds, rounded, the server microseconds.
constexpr std::int64_t kTimeTolerance = 1;
constexpr std::int64_t kDay = 86400;
// Bytes of a list, encoded: some 250 ids. What is longer is asked for from its first to its last.
constexpr std::size_t kLongestList = 2200;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

template <class T>
bool Holds(T a, Comparison comparison, T b) {
  switch (comparison) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kLessOrEqual:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    case Comparison::kGreaterOrEqual:
      return a >= b;
  }
  return false;
}

ServerRows CompareInteger(const std::string& name, Comparison comparison,
                          const swq_expr_node& constant) {
  if (SWQ_IS_INTEGER(constant.field_type))
    return {RowFilter::Compare(name, comparison, static_cast<std::int64_t>(constant.int_value)),
            true};
  if (constant.field_type != SWQ_FLOAT || !(std::fabs(constant.float_value) < kExactIntegers))
    return {};
  const auto below = static_cast<std::int64_t>(std::floor(constant.float_value));
  const auto above = static_cast<std::int64_t>(std::ceil(constant.float_value));
  if (below != above && comparison == Comparison::kEqual) return {RowFilter::None(), true};
  if (below != above && comparison == Comparison::kNotEqual)
    return {RowFilter::NotNull(name), true};
  const bool up = comparison == Comparison::kLess || comparison == Comparison::kGreaterOrEqual;
  return {RowFilter::Compare(name, comparison, up ? above : below), true};
}

ServerRows CompareReal(const std::string& name, Comparison comparison,
                       const swq_expr_node& constant) {
  const double value = constant.field_type == SWQ_FLOAT ? constant.float_value
                                                        : static_cast<double>(constant.int_value);
  if (constant.field_type != SWQ_FLOAT && !SWQ_IS_INTEGER(constant.field_type)) return {};
  const double slack = std::fabs(value) * kRealTolerance;
  if (!std::isfinite(value + slack) || comparison == Comparison::kNotEqual) return {};
  std::vector<RowFilter> bounds;
  if (comparison != Comparison::kLess && comparison != Comparison::kLessOrEqual)
    bounds.push_back(RowFilter::Compare(name, Comparison::kGreaterOrEqual, value - slack));
  if (comparison != Comparison::kGreater && comparison != Comparison::kGreaterOrEqual)
    bounds.push_back(RowFilter::Compare(name, Comparison::kLessOrEqual, value + slack));
  return {RowFilter::Every(std::move(bounds)), false};
}

ServerRows CompareBoolean(const std::string& name, Comparison comparison,
                          const swq_expr_node& constant) {
  // OGR compares a boolean as 0 or 1.
  if (!SWQ_IS_INTEGER(constant.field_type) && constant.field_type != SWQ_BOOLEAN) return {};
  const auto value = static_cast<std::int64_t>(constant.int_value);
  const bool no = Holds<std::int64_t>(0, comparison, value);
  const bool yes = Holds<std::int64_t>(1, comparison, value);
  if (no && yes) return {RowFilter::NotNull(name), true};
  return {no || yes ? RowFilter::Is(name, yes) : RowFilter::None(), true};
}

struct Moment {
  std::int64_t day = 0;     ///< its midnight, in seconds since 1970
  std::int64_t second = 0;  ///< of the day, rounded down
  bool midnight = false;
};

// As OGR reads it when it compares: without its time zone. Nothing for what it sorts otherwise
// than a calendar does.
std::optional<Moment> ReadMoment(const swq_expr_node& constant) {
  OGRField parsed;
  if (constant.field_type != SWQ_TIMESTAMP || !OGRParseDate(constant.string_value, &parsed, 0))
    return std::nullopt;
  const auto& date = parsed.Date;
  if (date.Year < 2 || date.Year > 9998 || date.Month < 1) return std::nullopt;
  std::tm broken_down{};
  broken_down.tm_year = date.Year - 1900;
  broken_down.tm_mon = date.Month - 1;
  broken_down.tm_mday = date.Day;
  Moment moment;
  moment.day = CPLYMDHMSToUnixTime(&broken_down);
  std::tm back{};
  CPLUnixTimeToYMDHMS(moment.day, &back);
  if (back.tm_mday != date.Day) return std::nullopt;
  moment.second =
      date.Hour * 3600 + date.Minute * 60 + static_cast<std::int64_t>(std::floor(date.Second));
  moment.midnight = moment.second == 0 && date.Second == 0;
  return moment;
}

std::string IsoTime(std::int64_t seconds, bool date_only) {
  std::tm time{};
  CPLUnixTimeToYMDHMS(seconds, &time);
  char text[80];
  if (date_only) {
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", time.tm_year + 1900, time.tm_mon + 1,
                  time.tm_mday);
  } else {
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d+00:00", time.tm_year + 1900,
                  time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec);
  }
  return text;
}

ServerRows CompareTime(const std::string& name, Comparison comparison,
                       const swq_expr_node& constant) {
  const auto moment = ReadMoment(constant);
  if (!moment) return {};
  // OGR compares the texts here, which differ in how they are written already.
  if (comparison == Comparison::kNotEqual) return {RowFilter::NotNull(name), false};
  const std::int64_t second = moment->day + moment->second;
  std::vector<RowFilter> bounds;
  if (comparison != Comparison::kLess && comparison != Comparison::kLessOrEqual)
    bounds.push_back(RowFilter::Compare(name, Comparison::kGreaterOrEqual,
                                        IsoTime(second - kTimeTolerance, false)));
  // One second more: what was rounded down above.
  if (comparison != Comparison::kGreater && comparison != Comparison::kGreaterOrEqual)
    bounds.push_back(RowFilter::Compare(name, Comparison::kLessOrEqual,
                                        IsoTime(second + 1 + kTimeTolerance, false)));
  return {RowFilter::Every(std::move(bounds)), false};
}

// By whole days, and from a day's beginning, so that it holds too where the server keeps a time and
// writes its date.
ServerRows CompareDate(const std::string& name, Comparison comparison,
                       const swq_expr_node& constant) {
  const auto moment = ReadMoment(constant);
  if (!moment) return {};
  const auto days = [&](Comparison side, int later) {
    return RowFilter::Compare(name, side, IsoTime(moment->day + later * kDay, true));
  };
  constexpr Comparison kFrom = Comparison::kGreaterOrEqual;
  constexpr Comparison kBefore = Comparison::kLess;
  // The versions that take a null for false give up a row whose date is null, "OR" or not.
  const bool exact = !kNullComparisonIsFalse;
  const bool midnight = moment->midnight;
  switch (comparison) {
    case Comparison::kEqual:
      return {midnight ? RowFilter::Every({days(kFrom, 0), days(kBefore, 1)}) : RowFilter::None(),
              exact};
    case Comparison::kNotEqual:
      return {RowFilter::NotNull(name), false};
    case Comparison::kLess:
      return {days(kBefore, midnight ? 0 : 1), exact};
    case Comparison::kLessOrEqual:
      return {days(kBefore, 1), exact};
    case Comparison::kGreater:
      return {days(kFrom, 1), exact};
    case Comparison::kGreaterOrEqual:
      return {days(kFrom, midnight ? 0 : 1), exact};
  }
  return {};
}

// How a text is asked for with LIKE. No escapes: databases differ in them.
struct Pattern {
  std::string text;
  bool exact = true;  ///< the server takes the same texts for it as OGR
};

// What is not ASCII is left open: OGR takes it byte for byte here and by characters there, and
// databases fold its case or do not. Their folding also makes a k of the Kelvin sign and an i of
// the Turkish dotted I.
void AddLiteral(char c, bool only_ascii, Pattern& pattern) {
  if ((c & 0x80) != 0) {
    if (pattern.text.empty() || pattern.text.back() != '%') pattern.text += '%';
    pattern.exact = false;
  } else if (c == '%' || c == '_' || c == '\\') {
    pattern.text += '_';
    pattern.exact = false;
  } else {
    pattern.text += c;
    if (!only_ascii && (c == 'i' || c == 'I' || c == 'k' || c == 'K')) pattern.exact = false;
  }
}

Pattern PatternOf(std::string_view text, bool only_ascii) {
  Pattern pattern;
  for (const char c : text) AddLiteral(c, only_ascii, pattern);
  return pattern;
}

// OGR's wildcards are SQL's, with an escape character only where one is named.
Pattern PatternOfLike(std::string_view like, char escape, bool only_ascii) {
  Pattern pattern;
  for (std::size_t i = 0; i < like.size(); ++i) {
    const char c = like[i];
    if (escape != '\0' && c == escape) {
      // An escape at the end matches nothing, or itself in the database.
      if (i + 1 < like.size()) AddLiteral(like[++i], only_ascii, pattern);
      pattern.exact = false;
    } else if (c == '%') {
      // OGR has it that "a%%" does not match "a".
      if (!pattern.text.empty() && pattern.text.back() == '%') pattern.exact = false;
      pattern.text += '%';
    } else if (c == '_' && !only_ascii) {
      // One byte for some versions of GDAL, one character for others.
      pattern.text += '%';
      pattern.exact = false;
    } else if (c == '_') {
      pattern.text += '_';
    } else {
      AddLiteral(c, only_ascii, pattern);
    }
  }
  return pattern;
}

// OGR takes "12:30+00" and "12:30" for equal, as the ends of times.
bool LooksLikeTime(std::string_view text) {
  if (text.size() <= 3) return false;
  return text[text.size() - 3] == ':' || text.substr(text.size() - 3) == "+00";
}

// OGR ignores the case of ASCII letters.
ServerRows CompareText(const ServerField& field, Comparison comparison,
                       const swq_expr_node& constant, bool equality) {
  if (constant.field_type != SWQ_STRING || !constant.string_value) return {};
  const std::string_view text = constant.string_value;
  const Pattern pattern = PatternOf(text, field.kind == ServerKind::kWord);
  const bool like_time = equality && LooksLikeTime(text);
  if (comparison == Comparison::kEqual) {
    if (like_time) return {};
    return {RowFilter::ILike(field.name, pattern.text), pattern.exact};
  }
  // The order of texts is the database's collation, not that of their bytes.
  if (comparison != Comparison::kNotEqual) return {};
  if (pattern.exact) return {RowFilter::NotILike(field.name, pattern.text), !like_time};
  if (!IsAscii(text)) return {RowFilter::NotNull(field.name), false};
  return {RowFilter::Compare(field.name, Comparison::kNotEqual, text), false};
}

// The integers of a list, without the reals that no integer equals.
std::optional<std::vector<std::int64_t>> Integers(const swq_expr_node& node, int first) {
  std::vector<std::int64_t> values;
  for (int i = first; i < node.nSubExprCount; ++i) {
    const swq_expr_node& constant = *node.papoSubExpr[i];
    if (SWQ_IS_INTEGER(constant.field_type)) {
      values.push_back(static_cast<std::int64_t>(constant.int_value));
    } else if (constant.field_type == SWQ_FLOAT &&
               std::fabs(constant.float_value) < kExactIntegers) {
      const auto value = static_cast<std::int64_t>(constant.float_value);
      if (static_cast<double>(value) == constant.float_value) values.push_back(value);
    } else {
      return std::nullopt;
    }
  }
  return values;
}

ServerRows ListedIntegers(const std::string& name, std::vector<std::int64_t> values, bool listed) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const RowFilter filter = listed ? RowFilter::In(name, values) : RowFilter::NotIn(name, values);
  if (filter.ToParameter(kLongestList).whole) return {filter, true};
  if (!listed) return {};
  return {RowFilter::Every({RowFilter::Compare(name, Comparison::kGreaterOrEqual, values.front()),
                            RowFilter::Compare(name, Comparison::kLessOrEqual, values.back())}),
          false};
}

}  // namespace

ServerRows CompareAtServer(const ServerField& field, Comparison comparison,
                           const swq_expr_node& constant, bool equality) {
  switch (field.kind) {
    case ServerKind::kLocal:
      return {};
    case ServerKind::kText:
    case ServerKind::kWord:
      return CompareText(field, comparison, constant, equality);
    case ServerKind::kInteger:
      return CompareInteger(field.name, comparison, constant);
    case ServerKind::kReal:
      return CompareReal(field.name, comparison, constant);
    case ServerKind::kBoolean:
      return CompareBoolean(field.name, comparison, constant);
    case ServerKind::kTime:
      return CompareTime(field.name, comparison, constant);
    case ServerKind::kDate:
      return CompareDate(field.name, comparison, constant);
  }
  return {};
}

ServerRows ListedAtServer(const ServerField& field, const swq_expr_node& node, int first,
                          bool listed) {
  if (field.kind == ServerKind::kInteger) {
    auto values = Integers(node, first);
    return values ? ListedIntegers(field.name, std::move(*values), listed) : ServerRows{};
  }
  const Comparison comparison = listed ? Comparison::kEqual : Comparison::kNotEqual;
  std::vector<RowFilter> parts;
  bool exact = true;
  for (int i = first; i < node.nSubExprCount; ++i) {
    ServerRows rows = CompareAtServer(field, comparison, *node.papoSubExpr[i], false);
    parts.push_back(std::move(rows.filter));
    exact = exact && rows.exact;
  }
  return {listed ? RowFilter::Any(std::move(parts)) : RowFilter::Every(std::move(parts)), exact};
}

ServerRows LikeAtServer(const ServerField& field, const swq_expr_node& node, bool like) {
  const swq_expr_node& constant = *node.papoSubExpr[1];
  const bool text = field.kind == ServerKind::kText || field.kind == ServerKind::kWord;
  if (!text || constant.field_type != SWQ_STRING || !constant.string_value) return {};
  char escape = '\0';
  if (node.nSubExprCount > 2) {
    const swq_expr_node& third = *node.papoSubExpr[2];
    if (third.field_type != SWQ_STRING || !third.string_value) return {};
    escape = third.string_value[0];
  }
  const Pattern pattern =
      PatternOfLike(constant.string_value, escape, field.kind == ServerKind::kWord);
  // Whether OGR's LIKE ignores case is a configuration option (OGR_SQL_LIKE_AS_ILIKE).
  const bool exact = pattern.exact && node.nOperation == SWQ_ILIKE;
  if (like) return {RowFilter::ILike(field.name, pattern.text), exact};
  if (exact) return {RowFilter::NotILike(field.name, pattern.text), true};
  if (pattern.exact) return {RowFilter::NotLike(field.name, pattern.text), false};
  return {RowFilter::NotNull(field.name), false};
}

}  // namespace s2c
