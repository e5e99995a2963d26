// SPDX-License-Identifier: MIT
// Random filters over random rows: what the server finds against what OGR finds.
#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "driver/catalogue/server_filter.h"
#include "tests/unit/support/memory_layer.h"
#include "tests/unit/support/sql_rows.h"

namespace s2c {
namespace {

using testing_support::ApiTime;
using testing_support::MemoryLayer;
using testing_support::Microseconds;
using testing_support::QuietErrors;
using testing_support::SqlRow;
using testing_support::SqlValue;
using testing_support::TakesRow;

constexpr int kRows = 80;
constexpr int kFilters = 1000;

// Chances of a seed, the same with every standard library.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  std::int64_t Below(std::int64_t limit) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(limit));
  }
  bool OneIn(std::int64_t number) { return Below(number) == 0; }
  template <class List>
  auto Of(const List& list) {
    return std::string(list[static_cast<std::size_t>(Below(std::size(list)))]);
  }

 private:
  std::mt19937_64 engine_;
};

const char* const kTexts[] = {"",
                              " ",
                              "demo",
                              "DEMO",
                              "Demo ",
                              "mark",
                              "MARK",
                              "mar\xE2\x84\xAA",
                              "Gr\xC3\xBCn",
                              "GR\xC3\x9CN",
                              "grn",
                              "50%",
                              "50",
                              "a_b",
                              "axb",
                              "a\\b",
                              "a\\\\b",
                              "12:30",
                              "12:30+00",
                              "x'y",
                              "\"q\"",
                              "tab\there",
                              "\xF0\x9F\x8C\x8D",
                              "\xC4\xB0x",
                              "ix",
                              "null",
                              "218",
                              "%",
                              "_",
                              "a%b"};
const char* const kWords[] = {"FAILED", "failed", "Failed", "SUCCEEDED", "CREATED", "STARTED", ""};
const char* const kPatterns[] = {"%",     "",           "demo%",      "%MO%", "d_mo", "Gr_n",
                                 "Gr__n", "%\xC3\xBC%", "%\xC3\x9C%", "50x%", "a\\b", "a\\%",
                                 "%%",    "%b",         "ma%",        "mar_", "FA%",  "%ED",
                                 "%_",    "a%%",        "x_x%b",      "%\\"};
constexpr std::int64_t kNoon = 1632830472520318;  // 2021-09-28T12:01:12.520318

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

// The times of rows and filters lie close together, at the borders of seconds and milliseconds.
Microseconds SomeTime(Chance& chance) {
  constexpr std::int64_t kSteps[] = {0,
                                     1,
                                     499,
                                     500,
                                     501,
                                     999,
                                     479500,
                                     479682,
                                     481000,
                                     1000000,
                                     60000000,
                                     3600000000,
                                     7200000000,
                                     86400000000,
                                     3 * 86400000000,
                                     31 * 86400000000};
  const std::int64_t step = kSteps[chance.Below(std::size(kSteps))];
  return {kNoon + (chance.OneIn(2) ? step : -step) + chance.Below(3) * 1000000};
}

struct Data {
  MemoryLayer memory{{{"owner", OFTString},
                      {"status", OFTString},
                      {"favourite", OFTInteger, OFSTBoolean},
                      {"knowledgebase_id", OFTInteger},
                      {"large", OFTInteger64},
                      {"status_progress", OFTReal},
                      {"created", OFTDateTime},
                      {"dateStart", OFTDate},
                      {"online", OFTInteger, OFSTBoolean}}};
  FieldMap map{{{"owner", ServerKind::kText},
                {"status", ServerKind::kWord},
                {"favourite", ServerKind::kBoolean},
                {"knowledgebase_id", ServerKind::kInteger},
                {"large", ServerKind::kInteger},
                {"status_progress", ServerKind::kReal},
                {"created", ServerKind::kTime},
                {"dateStart", ServerKind::kDate},
                {}},
               1};
  std::vector<SqlRow> rows;  ///< in the order of the FIDs, from 1 on
};

SqlValue SomeNumber(Chance& chance, const std::string& name) {
  constexpr std::int64_t kLarge[] = {
      0, 1, -1, 9007199254740992, 9007199254740993, 2147483648, INT64_MAX, INT64_MIN};
  if (name == "large") return kLarge[chance.Below(std::size(kLarge))];
  if (name == "knowledgebase_id") return chance.Below(6) - 1;
  if (chance.OneIn(10)) return std::nan("");
  return static_cast<double>(chance.Below(8) - 2) / 3;
}

SqlRow SomeRow(Chance& chance, std::int64_t id) {
  SqlRow row{{"id", id}};
  const auto set = [&](const char* name, SqlValue value) {
    row[name] = chance.OneIn(5) ? SqlValue() : std::move(value);
  };
  set("owner", chance.Of(kTexts));
  set("status", chance.Of(kWords));
  set("favourite", chance.OneIn(2));
  for (const char* const name : {"knowledgebase_id", "large", "status_progress"})
    set(name, SomeNumber(chance, name));
  set("created", SomeTime(chance));
  const std::int64_t day = 86400000000;
  set("dateStart", Microseconds{SomeTime(chance).since_1970 / day * day});
  return row;
}

void SetField(OGRFeature& feature, const char* name, const SqlValue& value) {
  const int index = feature.GetFieldIndex(name);
  if (std::holds_alternative<std::monostate>(value)) return feature.SetFieldNull(index);
  if (const auto* const text = std::get_if<std::string>(&value))
    return feature.SetField(index, text->c_str());
  if (const auto* const integer = std::get_if<std::int64_t>(&value))
    return feature.SetField(index, static_cast<GIntBig>(*integer));
  if (const auto* const real = std::get_if<double>(&value)) {
    // As the layer does with it.
    return std::isnan(*real) ? feature.SetFieldNull(index) : feature.SetField(index, *real);
  }
  if (const auto* const boolean = std::get_if<bool>(&value))
    return feature.SetField(index, *boolean ? 1 : 0);
  OGRField time;
  ASSERT_TRUE(OGRParseDate(ApiTime(std::get<Microseconds>(value)).c_str(), &time, 0));
  feature.SetField(index, &time);
}

void Fill(Data& data, Chance& chance) {
  for (std::int64_t id = 1; id <= kRows; ++id) {
    data.rows.push_back(SomeRow(chance, id));
    const SqlRow& row = data.rows.back();
    const bool online = chance.OneIn(2);
    data.memory.Add(id, [&](OGRFeature& feature) {
      for (const auto& [name, value] : row)
        if (name != "id") SetField(feature, name.c_str(), value);
      feature.SetField("online", online ? 1 : 0);
    });
  }
}

// A WHERE clause in all the ways that OGR understands.
class Clauses {
 public:
  explicit Clauses(Chance& chance) : chance_(chance) {}

  std::string Some(int depth) {
    if (depth == 0 || chance_.OneIn(4)) return Leaf();
    switch (chance_.Below(4)) {
      case 0:
        return "NOT (" + Some(depth - 1) + ")";
      case 1:
        return "(" + Some(depth - 1) + ") OR (" + Some(depth - 1) + ")";
      default:
        return "(" + Some(depth - 1) + ") AND (" + Some(depth - 1) + ")";
    }
  }

 private:
  std::string Leaf() {
    static const char* const kFields[] = {
        "owner",           "status",  "favourite", "knowledgebase_id", "large",
        "status_progress", "created", "dateStart", "online",           "FID"};
    const std::string field = chance_.Of(kFields);
    const bool text = field == "owner" || field == "status";
    if (chance_.OneIn(30)) return field == "online" ? "favourite" : "online";
    const std::string no = chance_.OneIn(3) ? " NOT" : "";
    switch (chance_.Below(text ? 6 : 5)) {
      case 0:
        return field + " IS" + no + " NULL";
      case 1:
        return field + no + " IN (" + List(field) + ")";
      case 2:
        return field + no + " BETWEEN " + Value(field) + " AND " + Value(field);
      case 5:
        return field + no + Like();
      default:
        return Comparison(field);
    }
  }

  std::string Comparison(const std::string& field) {
    static const char* const kOperators[] = {"=", "<>", "<", "<=", ">", ">="};
    const std::string op = " " + chance_.Of(kOperators) + " ";
    return chance_.OneIn(5) ? Value(field) + op + field : field + op + Value(field);
  }

  std::string Like() {
    const std::string ignoring = chance_.OneIn(2) ? " ILIKE " : " LIKE ";
    const std::string pattern = chance_.OneIn(4) ? chance_.Of(kTexts) + "%" : chance_.Of(kPatterns);
    return ignoring + Quoted(pattern) + (chance_.OneIn(3) ? " ESCAPE 'x'" : "");
  }

  std::string List(const std::string& field) {
    std::string list = Value(field);
    for (std::int64_t more = chance_.Below(4); more > 0; --more) list += ", " + Value(field);
    return list;
  }

  std::string Value(const std::string& field) {
    if (chance_.OneIn(60)) return "NULL";
    if (field == "owner") return Quoted(chance_.Of(kTexts));
    if (field == "status") return Quoted(chance_.Of(kWords));
    if (field == "created" || field == "dateStart") return Time();
    if (field == "FID") return std::to_string(chance_.Below(kRows) + 1);
    static const char* const kNumbers[] = {"0",
                                           "1",
                                           "-1",
                                           "2",
                                           "3",
                                           "0.5",
                                           "-0.5",
                                           "2.0",
                                           "1.0",
                                           "'2'",
                                           "9007199254740992",
                                           "9007199254740993",
                                           "9007199254740993.0",
                                           "9223372036854775807",
                                           "2147483648",
                                           "1e300",
                                           "0.33333333333333331",
                                           "0.3333333",
                                           "1e-300"};
    return chance_.Of(kNumbers);
  }

  std::string Time() {
    static const char* const kOdd[] = {"2021-09-31", "12:30",      "2021-09-28Z",
                                       "0001-01-01", "9999-12-31", "2021-09-28T14:01:12+02:00",
                                       "21-9-28"};
    if (chance_.OneIn(10)) return Quoted(chance_.Of(kOdd));
    std::string text = ApiTime(SomeTime(chance_));
    switch (chance_.Below(4)) {
      case 0:
        return Quoted(text.substr(0, 10));
      case 1:
        return Quoted(text.substr(0, 19));
      case 2:
        return Quoted(text.substr(0, 23) + "Z");
      default:
        return Quoted(text);
    }
  }

  Chance& chance_;
};

struct Tally {
  int filters = 0, pushed = 0, complete = 0, rows = 0;
};

void Check(Data& data, const std::string& where, Tally& tally) {
  OGRFeatureQuery query;
  if (query.Compile(&data.memory.layer(), where.c_str()) != OGRERR_NONE) return;
  const ServerFilter filter =
      TranslateFilter(*static_cast<swq_expr_node*>(query.GetSWQExpr()), data.map);
  ++tally.filters;
  tally.pushed += filter.json.empty() ? 0 : 1;
  tally.complete += filter.complete ? 1 : 0;
  data.memory.layer().ResetReading();
  for (std::int64_t id = 1; id <= kRows; ++id) {
    const OGRFeatureUniquePtr feature(data.memory.layer().GetFeature(id));
    const bool wanted = query.Evaluate(feature.get()) != FALSE;
    const bool found = TakesRow(filter.json, data.rows[static_cast<std::size_t>(id - 1)]);
    tally.rows += wanted ? 1 : 0;
    if (wanted ? found : !(found && filter.complete)) continue;
    std::string row;
    for (const char* name : {"owner", "status", "large", "status_progress", "created"})
      row += std::string(name) + " " + feature->GetFieldAsString(name) + "; ";
    FAIL() << where << "\n"
           << filter.json << "\n"
           << (wanted ? "does not find " : "is not complete with ") << id << ": " << row;
  }
}

class RandomFilters : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomFilters, FindAtLeastWhatOgrFindsAndNoMoreWhereComplete) {
  const QuietErrors quiet;
  Chance chance(GetParam());
  Data data;
  Fill(data, chance);
  Clauses clauses(chance);
  Tally tally;
  for (int i = 0; i < kFilters && !HasFailure(); ++i)
    Check(data, clauses.Some(static_cast<int>(chance.Below(5))), tally);
  if (HasFailure()) return;
  // So that the test does not pass because nothing is tried.
  EXPECT_GT(tally.filters, kFilters / 2);
  EXPECT_GT(tally.pushed, kFilters / 4);
  EXPECT_GT(tally.complete, kFilters / 20);
  EXPECT_GT(tally.rows, kFilters * 5);
  RecordProperty("pushed", tally.pushed);
  RecordProperty("complete", tally.complete);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFilters, ::testing::Range(1u, 13u));

}  // namespace
}  // namespace s2c
