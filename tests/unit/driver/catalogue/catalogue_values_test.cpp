// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing_support::MakeJson;

using Setter = bool (*)(const JsonValue*, OGRFeature&, int);

// The text of a field that was set from a JSON text; "(null)", and "(refused)".
std::string Shown(Setter set, OGRFieldType type, const std::string& json) {
  auto* const definition = new OGRFeatureDefn("layer");
  definition->Reference();
  OGRFieldDefn field("field", type);
  definition->AddFieldDefn(&field);
  std::string shown;
  {
    OGRFeature feature(definition);
    const JsonDocument document = json.empty() ? nullptr : MakeJson(json);
    const bool usable = set(document.get(), feature, 0);
    shown = feature.IsFieldSetAndNotNull(0) ? feature.GetFieldAsString(0) : "(null)";
    EXPECT_TRUE(feature.IsFieldSet(0)) << json;
    if (!usable) {
      EXPECT_EQ(shown, "(null)") << json;
      shown = "(refused)";
    }
  }
  definition->Release();
  return shown;
}

std::string Time(const std::string& json) { return Shown(SetTime, OFTDateTime, json); }
std::string Date(const std::string& json) { return Shown(SetDate, OFTDate, json); }
std::string Integer(const std::string& json) { return Shown(SetInteger, OFTInteger, json); }
std::string Integer64(const std::string& json) { return Shown(SetInteger, OFTInteger64, json); }
std::string Real(const std::string& json) { return Shown(SetReal, OFTReal, json); }
std::string Boolean(const std::string& json) { return Shown(SetBoolean, OFTInteger, json); }
std::string Text(const std::string& json) { return Shown(SetText, OFTString, json); }
std::string Json(const std::string& json) { return Shown(SetJson, OFTString, json); }

TEST(CatalogueValues, WhatIsNotThereIsNull) {
  for (auto* shown : {Time, Date, Integer, Integer64, Real, Boolean, Text, Json}) {
    EXPECT_EQ(shown(""), "(null)");
    EXPECT_EQ(shown("null"), "(null)");
  }
  for (auto* shown : {Time, Date, Integer, Integer64, Real, Boolean, Json})
    EXPECT_EQ(shown(R"(" ")"), "(null)");
}

TEST(CatalogueValues, TimesAreInUtc) {
  EXPECT_EQ(Time(R"("2021-07-25T20:46:20.449208+00:00")"), "2021/07/25 20:46:20.449+00");
  EXPECT_EQ(Time(R"("2021-07-25T20:46:20Z")"), "2021/07/25 20:46:20+00");
  EXPECT_EQ(Time(R"("2021-07-25 20:46:20")"), "2021/07/25 20:46:20+00");
  EXPECT_EQ(Time(R"("2021-07-25T20:46")"), "2021/07/25 20:46:00+00");
  EXPECT_EQ(Time(R"("2021-07-25")"), "2021/07/25 00:00:00+00");
  EXPECT_EQ(Time(R"("2021-12-31T23:30:00-01:00")"), "2022/01/01 00:30:00+00");
  EXPECT_EQ(Time(R"("2021-01-01T00:30:00+0545")"), "2020/12/31 18:45:00+00");
  EXPECT_EQ(Time(R"("2021-01-01T00:30:00,25+02")"), "2020/12/31 22:30:00.250+00");
}

TEST(CatalogueValues, NoTimeIsRoundedUpToASecond60) {
  EXPECT_EQ(Time(R"("2021-07-25T23:59:59.999999+00:00")"), "2021/07/25 23:59:59.999+00");
  EXPECT_EQ(Time(R"("2016-12-31T23:59:60Z")"), "2016/12/31 23:59:59+00");
}

TEST(CatalogueValues, WhatIsNoTimeIsRefused) {
  for (const char* text :
       {"yesterday", "2021", "2021-13-01", "2021-02-29", "2021-01-01T", "2021-01-01T25:00:00",
        "2021-01-01T00:60", "2021-01-01T00:00:61", "2021-01-01T00:00:00.", "2021-01-01T00:00:00+",
        "2021-01-01T00:00:00+24:00", "2021-01-01T00:00:00Zx", "21-01-01", "2021/01/01"})
    EXPECT_EQ(Time("\"" + std::string(text) + "\""), "(refused)") << text;
  for (const char* json : {"1632814872", "true", "[]", "{}"})
    EXPECT_EQ(Time(json), "(refused)") << json;
}

TEST(CatalogueValues, ADateIsTheDayOfATime) {
  EXPECT_EQ(Date(R"("2015-07-04")"), "2015/07/04");
  EXPECT_EQ(Date(R"("2020-02-29T23:00:00+00:00")"), "2020/02/29");
  EXPECT_EQ(Date(R"("later")"), "(refused)");
}

TEST(CatalogueValues, IntegersMayComeAsTextOrAsReals) {
  EXPECT_EQ(Integer("10"), "10");
  EXPECT_EQ(Integer(R"("10")"), "10");
  EXPECT_EQ(Integer("10.0"), "10");
  EXPECT_EQ(Integer64("1099511627776"), "1099511627776");
  for (const char* json : {"2.5", "1e300", "4294967296", "\"x\"", "true", "[1]", "NaN"})
    EXPECT_EQ(Integer(json), "(refused)") << json;
  EXPECT_EQ(Integer64("1e300"), "(refused)");
}

TEST(CatalogueValues, RealsMayComeAsText) {
  EXPECT_EQ(Real("0.25"), "0.25");
  EXPECT_EQ(Real(R"(" 10 ")"), "10");
  EXPECT_EQ(Real("NaN"), "(null)");
  EXPECT_EQ(Real("-Infinity"), "(null)");
  EXPECT_EQ(Real(R"("wide")"), "(refused)");
  EXPECT_EQ(Real("[1]"), "(refused)");
}

TEST(CatalogueValues, BooleansMayComeAsNumbersOrWords) {
  for (const char* json : {"true", "1", R"("True")", R"("yes")"}) EXPECT_EQ(Boolean(json), "1");
  for (const char* json : {"false", "0", R"("False")", R"("no")"}) EXPECT_EQ(Boolean(json), "0");
  for (const char* json : {"2", R"("maybe")", "[]"}) EXPECT_EQ(Boolean(json), "(refused)");
}

TEST(CatalogueValues, TextIsKeptAsItIsAndAllElseIsWrittenAsJson) {
  EXPECT_EQ(Text(R"(" ")"), " ");
  EXPECT_EQ(Text(R"("")"), "");
  EXPECT_EQ(Text(R"("Gr\u00fcn\nland")"), "Gr\xC3\xBCn\nland");
  EXPECT_EQ(Text("7"), "7");
  EXPECT_EQ(Text("true"), "true");
  EXPECT_EQ(Text(R"(["a", {"b": 1}])"), R"(["a",{"b":1}])");
}

TEST(CatalogueValues, JsonMayComeInsideAText) {
  EXPECT_EQ(Json(R"([{"name": "x"}])"), R"([{"name":"x"}])");
  EXPECT_EQ(Json(R"("[{\"name\": \"x\"}]")"), R"([{"name": "x"}])");
  EXPECT_EQ(Json(R"("[]")"), "[]");
  EXPECT_EQ(Json("7"), "7");
  EXPECT_EQ(Json(R"("[{")"), "(refused)");
}

}  // namespace
}  // namespace s2c
