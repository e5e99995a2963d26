// SPDX-License-Identifier: MIT
#include "client/base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "tests/unit/support/documents.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MakeJson;
using testing_support::MessageOf;

std::string Nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(ParseJson, TakesEveryKindOfValue) {
  const auto document = MakeJson(R"({"a": [1, -2.5, "x", true, false, null, {}]})");
  EXPECT_EQ(ToJson(*document), R"({"a":[1,-2.5,"x",true,false,null,{}]})");
}

TEST(ParseJson, Takes200Levels) {
  EXPECT_EQ(MessageOf(ParseJson(Nested(200, "[", "]"))), "");
  EXPECT_EQ(MessageOf(ParseJson(Nested(200, "{\"a\":", "}"))), "");
}

TEST(ParseJson, RefusesMoreThan200Levels) {
  for (const auto& text :
       {Nested(201, "[", "]"), Nested(201, "{\"a\":", "}"), Nested(101, "[{\"a\":", "}]")})
    EXPECT_THAT(ErrorOf(ParseJson(text)), FailsWith(ErrorKind::kProtocol, HasSubstr("deeper")));
}

TEST(ParseJson, RefusesAHundredThousandLevelsWithoutCrashing) {
  EXPECT_THAT(ErrorOf(ParseJson(Nested(100000, "[", "]"))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("deeper")));
  EXPECT_THAT(ErrorOf(ParseJson(std::string(100000, '['))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("deeper")));
  EXPECT_THAT(ErrorOf(ParseJson(Nested(100000, "{\"a\":", "}"))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("deeper")));
}

TEST(ParseJson, CountsLevelsNotValues) {
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i) wide += "[],{},";
  EXPECT_EQ(MessageOf(ParseJson(wide + "1]")), "");
}

TEST(ParseJson, RefusesMoreValuesThanMemoryIsFor) {
  const auto values = [](std::size_t count) {
    std::string text = "[1";
    for (std::size_t i = 2; i < count; ++i) text += ",1";
    return text + "]";
  };
  EXPECT_EQ(MessageOf(ParseJson(values(8'000'000))), "");
  EXPECT_THAT(ErrorOf(ParseJson(values(8'000'001))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("more than 8000000 values")));
}

TEST(ParseJson, CountsKeysAsValues) {
  std::string text = "{";
  for (int i = 0; i < 4'000'000; ++i) text += R"("":1,)";
  text.back() = '}';
  EXPECT_THAT(ErrorOf(ParseJson(text)),
              FailsWith(ErrorKind::kProtocol, HasSubstr("more than 8000000 values")));
}

TEST(ParseJson, TakesNanAndInfinityAsPythonWritesThem) {
  const auto document = MakeJson("[NaN, Infinity, -Infinity]");
  EXPECT_TRUE(std::isnan((*document)[0].GetDouble()));
  EXPECT_EQ((*document)[1].GetDouble(), INFINITY);
  EXPECT_EQ((*document)[2].GetDouble(), -INFINITY);
  EXPECT_NE(ToJson(*document), "") << "what was read can be written";
}

TEST(ParseJson, LeavesOutOneByteOrderMark) {
  EXPECT_TRUE(ParseJson("\xEF\xBB\xBF{}"));
  EXPECT_FALSE(ParseJson("\xEF\xBB\xBF\xEF\xBB\xBF{}"));
  EXPECT_FALSE(ParseJson("\xEF\xBB\xBF"));
}

TEST(ParseJson, TellsWhereBrokenJsonBreaks) {
  EXPECT_THAT(ErrorOf(ParseJson("{\"a\": 1, \"b\" 2}")),
              FailsWith(ErrorKind::kProtocol, HasSubstr("byte 13")));
  EXPECT_THAT(ErrorOf(ParseJson("<html>")), FailsWith(ErrorKind::kProtocol, HasSubstr("byte 0")));
}

TEST(ParseJson, RefusesWhatIsNotOneWholeDocument) {
  for (const std::string text :
       {"", "  ", "{", "[1,", "{\"a\"", "\"x", "[1] [2]", "{} x", "[1,]", "{'a':1}", "tru", "01",
        "\"\xFF\"", "\"\xC3\"", "\"\n\"", "\"\\u12\"", "\"\\uD80\"", "nan?"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(ErrorOf(ParseJson(text)), FailsWith(ErrorKind::kProtocol, HasSubstr("byte ")));
  }
}

TEST(ParseJson, ReadsTheTextThatItGetsAndNothingBehindIt) {
  const std::string text = "[1]garbage";
  EXPECT_EQ(MessageOf(ParseJson(std::string_view(text).substr(0, 3))), "");
}

TEST(ParseJson, KeepsEveryDigitOfANumber) {
  const auto document = MakeJson("[0.1, 12345678901234567890, 9007199254740993, 1e308]");
  EXPECT_EQ((*document)[0].GetDouble(), 0.1);
  EXPECT_EQ((*document)[1].GetUint64(), 12345678901234567890U);
  EXPECT_EQ((*document)[2].GetInt64(), 9007199254740993);
  EXPECT_EQ((*document)[3].GetDouble(), 1e308);
}

TEST(ParseJson, ReadsZeroAsZeroHoweverItIsWritten) {
  for (const char* zero :
       {"0", "-0", "0.0", "0E308", "0e-308", "-0e5", "0.000e99", "0.00000000000000000000000000e1",
        "0e0", "1e-400", "-1e-99999999999", "0.0000000001e-320"}) {
    const auto document = MakeJson(zero);
    EXPECT_EQ(document->GetDouble(), 0) << zero;
  }
}

TEST(ParseJson, ReadsANumberAsTheNearestThatADoubleHas) {
  const std::pair<const char*, double> numbers[] = {
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"-1.7976931348623157E+308", -1.7976931348623157e308},
      {"4.9e-324", 4.9e-324},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"0.00000000000000000000000000000000000000000000000001e50", 1.0},
      {"100000000000000000000000000000000000000000e-41", 1.0},
      {"9007199254740993.0", 9007199254740992.0},
      {"18446744073709551616", 18446744073709551616.0},
      {"-9223372036854775809", -9223372036854775808.0},
      {"179769313486231570000000000000000000000e270", 1.7976931348623157e308}};
  for (const auto& [text, number] : numbers) EXPECT_EQ(MakeJson(text)->GetDouble(), number) << text;
}

TEST(ParseJson, KnowsWholeNumbersFromOthers) {
  EXPECT_TRUE(MakeJson("7")->IsInt());
  EXPECT_TRUE(MakeJson("-7")->IsInt());
  EXPECT_TRUE(MakeJson("4294967295")->IsUint());
  EXPECT_TRUE(MakeJson("-9223372036854775808")->IsInt64());
  EXPECT_TRUE(MakeJson("18446744073709551615")->IsUint64());
  EXPECT_FALSE(MakeJson("7.0")->IsInt64());
  EXPECT_FALSE(MakeJson("7e0")->IsInt64());
}

TEST(ParseJson, RefusesANumberThatNoDoubleHolds) {
  for (const char* large : {"[1e309]", "[-1e309]", "[1.8e308]", "[0.99e309]", "[-0.018e310]"})
    EXPECT_THAT(ErrorOf(ParseJson(large)), FailsWith(ErrorKind::kProtocol, HasSubstr("too big")))
        << large;
}

TEST(ParseJson, KeepsANulInsideAString) {
  EXPECT_EQ(AsText(*MakeJson(R"("a\u0000b")")), std::string("a\0b", 3));
}

TEST(ParseJson, MakesHalfASurrogatePairACharacterThatIsOne) {
  const auto document = MakeJson(R"({"\udfffk": "a\udc80-\uDCFF-", "kept": "\ud83d\ude00\ud7ff",
                                     "cut": "x\ud83d", "twice": "\ud83d\ud83d\ude00\ude00",
                                     "text": "\\ud83d", "beside": "\ud83d\n\ud83du"})");
  EXPECT_EQ(TextAt(*document, "\xEF\xBF\xBDk"), "a\xEF\xBF\xBD-\xEF\xBF\xBD-");
  EXPECT_EQ(TextAt(*document, "kept"), "\xF0\x9F\x98\x80\xED\x9F\xBF");
  EXPECT_EQ(TextAt(*document, "cut"), "x\xEF\xBF\xBD");
  EXPECT_EQ(TextAt(*document, "twice"), "\xEF\xBF\xBD\xF0\x9F\x98\x80\xEF\xBF\xBD");
  EXPECT_EQ(TextAt(*document, "text"), R"(\ud83d)");
  EXPECT_EQ(TextAt(*document, "beside"), "\xEF\xBF\xBD\n\xEF\xBF\xBDu");
  EXPECT_EQ(MessageOf(ParseJson(ToJson(*document))), "") << "what was read can be written";
}

TEST(ParseJson, SaysWhereItIsBrokenAlsoBehindHalfASurrogatePair) {
  EXPECT_THAT(ErrorOf(ParseJson(R"(["\ud83d", x])")),
              FailsWith(ErrorKind::kProtocol, HasSubstr("at byte 11")));
}

TEST(Find, TakesMembersOfObjectsOnly) {
  const auto document = MakeJson(R"({"a": null, "b": [1]})");
  ASSERT_NE(Find(*document, "a"), nullptr);
  EXPECT_TRUE(Find(*document, "a")->IsNull());
  EXPECT_EQ(Find(*document, "c"), nullptr);
  EXPECT_EQ(Find(*Find(*document, "b"), "a"), nullptr);
  EXPECT_EQ(Find(*MakeJson("null"), "a"), nullptr);
  EXPECT_EQ(Find(*MakeJson("\"a\""), "a"), nullptr);
}

TEST(AsText, TakesScalars) {
  EXPECT_EQ(AsText(*MakeJson("\"x\"")), "x");
  EXPECT_EQ(AsText(*MakeJson("\"\"")), "");
  EXPECT_EQ(AsText(*MakeJson("1")), "1");
  EXPECT_EQ(AsText(*MakeJson("2.5")), "2.5");
  EXPECT_EQ(AsText(*MakeJson("true")), "true");
  for (const char* other : {"null", "[]", "{}", "[\"x\"]"})
    EXPECT_FALSE(AsText(*MakeJson(other))) << other;
}

TEST(TextAt, IsNothingForWhatIsAbsentOrNull) {
  const auto document = MakeJson(R"({"a": "x", "n": null})");
  EXPECT_EQ(TextAt(*document, "a"), "x");
  EXPECT_FALSE(TextAt(*document, "n"));
  EXPECT_FALSE(TextAt(*document, "z"));
  EXPECT_FALSE(TextAt(*MakeJson("[]"), "a"));
}

TEST(AsNumber, TakesNumbersAndStringsOfThem) {
  EXPECT_EQ(AsNumber(*MakeJson("1")), 1.0);
  EXPECT_EQ(AsNumber(*MakeJson("-2.5e1")), -25.0);
  EXPECT_EQ(AsNumber(*MakeJson("\" 2.5 \"")), 2.5);
  for (const char* other :
       {"null", "true", "[]", "{}", "\"\"", "\" \"", "\"1x\"", "\"x\"", "\"1,5\"", "\"1e999\""})
    EXPECT_FALSE(AsNumber(*MakeJson(other))) << other;
}

TEST(NumberAt, ReadsAMember) {
  const auto document = MakeJson(R"({"a": 7, "s": "8"})");
  EXPECT_EQ(NumberAt(*document, "a"), 7.0);
  EXPECT_EQ(NumberAt(*document, "s"), 8.0);
  EXPECT_FALSE(NumberAt(*document, "z"));
}

TEST(AsId, TakesNumbersAndStringsOfDigits) {
  EXPECT_EQ(AsId(*MakeJson("10424")), 10424);
  EXPECT_EQ(AsId(*MakeJson("\"10424\"")), 10424);
  EXPECT_EQ(AsId(*MakeJson("0")), 0);
  EXPECT_EQ(AsId(*MakeJson("9223372036854775807")), INT64_MAX);
  EXPECT_EQ(AsId(*MakeJson("\"9223372036854775807\"")), INT64_MAX);
}

TEST(AsId, RefusesAllElse) {
  for (const char* other : {"-1", "\"-1\"", "9223372036854775808", "\"9223372036854775808\"",
                            "99999999999999999999999", "\"99999999999999999999\"", "1.5", "1e3",
                            "NaN", "\"\"", "\" 1\"", "\"x\"", "null", "true", "[]", "{}"})
    EXPECT_FALSE(AsId(*MakeJson(other))) << other;
}

TEST(ToJson, IsCompactAndEscapesText) {
  EXPECT_EQ(ToJson(*MakeJson(R"({ "a" : [ 1 , "x\ny" ] })")), R"({"a":[1,"x\ny"]})");
  EXPECT_EQ(ToJson(*MakeJson("\"Gr\xC3\xBCn\"")), "\"Gr\xC3\xBCn\"");
}

}  // namespace
}  // namespace s2c
