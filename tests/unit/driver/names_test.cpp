// SPDX-License-Identifier: MIT
#include "driver/names.h"

#include <gmock/gmock.h>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

TEST(IsConnectionString, TakesThePrefixInAnyCase) {
  for (const char* text : {"S2C:", "s2c:10424", "S2c:x", "S2C:1:n", "s2C://"})
    EXPECT_TRUE(IsConnectionString(text)) << text;
}

TEST(IsConnectionString, TakesNothingElse) {
  for (const char* text : {"", "S", "S2C", "S2C;", " S2C:1", "/S2C:1", "S2D:1", "file.tif",
                           "/vsis2c/1", "XS2C:1", "S2C :1"})
    EXPECT_FALSE(IsConnectionString(text)) << text;
}

void ExpectParsed(const std::string& text, std::optional<std::int64_t> id,
                  const std::optional<std::string>& name) {
  const auto parsed = ParseConnectionString(text);
  ASSERT_EQ(MessageOf(parsed), "");
  EXPECT_EQ(parsed->id, id) << text;
  EXPECT_EQ(parsed->name, name) << text;
}

TEST(ParseConnectionString, TakesTheCatalogue) {
  ExpectParsed("S2C:", std::nullopt, std::nullopt);
  ExpectParsed("s2c:", std::nullopt, std::nullopt);
}

TEST(ParseConnectionString, TakesAnInference) {
  ExpectParsed("S2C:10424", 10424, std::nullopt);
  ExpectParsed("s2c:9223372036854775807", INT64_MAX, std::nullopt);
}

TEST(ParseConnectionString, TakesAllBehindTheSecondColonAsTheName) {
  ExpectParsed("S2C:10424:Cloud_free_composite", 10424, "Cloud_free_composite");
  ExpectParsed("S2C:1: a:b c::d ", 1, " a:b c::d ");
  ExpectParsed("S2C:1:Gr\xC3\xBCn/\"50%\"", 1, "Gr\xC3\xBCn/\"50%\"");
  ExpectParsed("S2C:1::", 1, ":");
}

TEST(ParseConnectionString, TakesBlanksAroundTheIdForNothing) {
  ExpectParsed("S2C: ", std::nullopt, std::nullopt);
  ExpectParsed("S2C:10424 ", 10424, std::nullopt);
  ExpectParsed("S2C: 10424\n", 10424, std::nullopt);
  ExpectParsed("S2C: 10424 : NAME ", 10424, " NAME ");
}

TEST(ParseConnectionString, RefusesWhatNamesNothingAndShowsTheForm) {
  for (const char* text :
       {"S2C:x", "S2C:-1", "S2C:+1", "S2C:1.5", "S2C:1 2", "S2C: :n", "S2C:0x1", "S2C::", "S2C::n",
        "S2C:x:n", "S2C:-1:n", "S2C:10424:", "S2C:99999999999999999999", "S2C:9223372036854775808",
        "S2C:9223372036854775808:n", "S2C", "", "file.tif"})
    EXPECT_THAT(ErrorOf(ParseConnectionString(text)),
                FailsWith(ErrorKind::kInvalidInput,
                          AllOf(HasSubstr("'" + std::string(text).substr(0, 4)),
                                HasSubstr("S2C:ID:NAME"), HasSubstr("S2C:10424:"))))
        << text;
}

TEST(ParseConnectionString, TellsWhatIsWrong) {
  EXPECT_THAT(ErrorOf(ParseConnectionString("S2C:10424:")).message, HasSubstr("name"));
  EXPECT_THAT(ErrorOf(ParseConnectionString("S2C:x")).message, HasSubstr("whole number"));
  EXPECT_THAT(ErrorOf(ParseConnectionString("S2C:9223372036854775808")).message,
              HasSubstr("large"));
}

TEST(ParseConnectionString, TellsThatAHugeIdIsTooLarge) {
  EXPECT_THAT(ErrorOf(ParseConnectionString("S2C:99999999999999999999")).message,
              AllOf(HasSubstr("large"), Not(HasSubstr("whole number"))))
      << "it is a whole number";
}

TEST(HarmlessName, IsTheNameWhereNobodyElseTakesIt) {
  for (const char* name : {"a:b c", "water/land", "it's \"quoted\"", "50%", "", "x.gti", "gti.x",
                           "a > b", "http://x/?SERVICE=WMS"})
    EXPECT_EQ(HarmlessName(name), name);
}

TEST(HarmlessName, HidesWhatOthersTake) {
  EXPECT_EQ(HarmlessName("<VRTDataset>"), "%3CVRTDataset>");
  EXPECT_EQ(HarmlessName("a <VRTDataset/><b"), "a %3CVRTDataset/>%3Cb");
  EXPECT_EQ(HarmlessName("x|option:AUTH_URL=y"), "x%7Coption:AUTH_URL=y");
  EXPECT_EQ(HarmlessName("x.GTI.fgb"), "x%2EGTI.fgb");
  EXPECT_EQ(HarmlessName(".gti.gti.gpkg"), "%2Egti%2Egti.gpkg");
}

TEST(FormatConnectionString, HasTheHarmlessName) {
  EXPECT_EQ(FormatConnectionString(1, "a|b"), "S2C:1:a%7Cb");
}

TEST(FormatConnectionString, IsWhatParseTakes) {
  EXPECT_EQ(FormatConnectionString(10424, "a:b c"), "S2C:10424:a:b c");
  ExpectParsed(FormatConnectionString(10424, "a:b c"), 10424, "a:b c");
}

Inference WithOutputs(const std::vector<std::string>& names) {
  Inference inference;
  inference.id = 7;
  for (const std::string& name : names) {
    inference.outputs.emplace_back();
    inference.outputs.back().name = name;
  }
  return inference;
}

Inference WithTables(const std::vector<std::string>& names) {
  Inference inference = WithOutputs(names);
  for (Output& output : inference.outputs) output.file_type = "csv";
  return inference;
}

TEST(OutputNames, TellTwinsApartAndNothingElse) {
  EXPECT_THAT(OutputNames(WithOutputs({"a", "A", "a", "a (2)", "A", "a", "b"})),
              ElementsAre("a", "A", "a (2)", "a (2) (2)", "A (2)", "a (3)", "b"));
}

// Minutes, where every name is tried from the first on.
TEST(OutputNames, AreFoundInTimeForManyTwins) {
  EXPECT_EQ(OutputNames(WithOutputs(std::vector<std::string>(20000, "a"))).back(), "a (20000)");
}

TEST(LayerNames, AreThoseOfTheTablesAndOfTheArea) {
  Inference inference = WithTables({"x", "y z", "x"});
  inference.outputs[1].file_type = "geotiff";
  EXPECT_THAT(LayerNames(inference), ElementsAre("x", "x (2)", "area_of_interest"));
  EXPECT_THAT(LayerNames(WithOutputs({})), ElementsAre("area_of_interest"));
}

TEST(LayerNames, DifferInMoreThanCase) {
  EXPECT_THAT(
      LayerNames(WithTables({"Water", "water", "WATER", "Äpfel", "äpfel"})),
      ElementsAre("Water", "water (2)", "WATER (3)", "Äpfel", "äpfel (2)", "area_of_interest"));
}

TEST(LayerNames, AreHarmless) {
  EXPECT_THAT(LayerNames(WithTables({"a|b", "A|b", "a%7Cb"})),
              ElementsAre("a%7Cb", "A%7Cb (2)", "a%7Cb (3)", "area_of_interest"));
}

TEST(FindOutput, KnowsHarmlessNames) {
  const Inference inference = WithOutputs({"<x>", "a|b", "a%7Cc", "a|c"});
  EXPECT_EQ(FindOutput(inference, "%3Cx>").value_or(9), 0U);
  EXPECT_EQ(FindOutput(inference, "<x>").value_or(9), 0U);
  EXPECT_EQ(FindOutput(inference, "a%7Cb").value_or(9), 1U);
  EXPECT_EQ(FindOutput(inference, "a%7Cc").value_or(9), 2U) << "the exact name comes first";
}

TEST(LayerNames, AreThatOfNoOtherOutput) {
  EXPECT_THAT(LayerNames(WithTables({"a", "A", "A (2)"})),
              ElementsAre("a", "A (3)", "A (2)", "area_of_interest"));
  EXPECT_THAT(LayerNames(WithTables({"X", "x", "x"})),
              ElementsAre("X", "x (3)", "x (2)", "area_of_interest"));
  Inference inference = WithTables({"a", "A", "a (2)"});
  inference.outputs[2].file_type = "geotiff";
  EXPECT_THAT(LayerNames(inference), ElementsAre("a", "A (3)", "area_of_interest"));
}

TEST(LayerNames, GiveOutputsTheNameBeforeTheArea) {
  EXPECT_THAT(LayerNames(WithTables({"Area_of_Interest"})),
              ElementsAre("Area_of_Interest", "area_of_interest (2)"));
  Inference inference = WithOutputs({"area_of_interest"});
  inference.outputs[0].file_type = "geotiff";
  EXPECT_THAT(LayerNames(inference), ElementsAre("area_of_interest (2)"));
}

TEST(FindOutput, TakesTheExactMatchFirst) {
  const Inference inference = WithOutputs({"WATER", "Water", "water"});
  EXPECT_EQ(*FindOutput(inference, "Water"), 1U);
  EXPECT_EQ(*FindOutput(inference, "water"), 2U);
}

TEST(FindOutput, TakesTheOnlyMatchIgnoringCase) {
  EXPECT_EQ(*FindOutput(WithOutputs({"other", "Cloud_Free"}), "cloud_free"), 1U);
}

TEST(FindOutput, RefusesSeveralMatchesIgnoringCase) {
  EXPECT_THAT(ErrorOf(FindOutput(WithOutputs({"WATER", "Water", "x"}), "water")),
              FailsWith(ErrorKind::kNotFound, AllOf(HasSubstr("'WATER'"), HasSubstr("'Water'"))));
}

TEST(FindOutput, ListsTheNamesForAnUnknownOne) {
  EXPECT_THAT(ErrorOf(FindOutput(WithOutputs({"a", "b c"}), "wat")),
              FailsWith(ErrorKind::kNotFound, AllOf(HasSubstr("inference 7"), HasSubstr("'wat'"),
                                                    HasSubstr("'a', 'b c'"))));
  EXPECT_FALSE(FindOutput(WithOutputs({"abc"}), "ab"));
  EXPECT_FALSE(FindOutput(WithOutputs({"abc"}), "abcd"));
  EXPECT_FALSE(FindOutput(WithOutputs({"abc"}), ""));
}

TEST(FindOutput, ListsTwentyNamesAtMost) {
  std::vector<std::string> names;
  for (int i = 1; i <= 30; ++i) names.push_back("n" + std::to_string(i));
  EXPECT_THAT(ErrorOf(FindOutput(WithOutputs(names), "x")).message,
              AllOf(HasSubstr("'n20' and more"), Not(HasSubstr("'n21'"))));
  names.resize(20);
  EXPECT_THAT(ErrorOf(FindOutput(WithOutputs(names), "x")).message,
              AllOf(HasSubstr("'n20'"), Not(HasSubstr("and more"))));
}

TEST(FindOutput, SaysWhenThereIsNoOutputAtAll) {
  EXPECT_THAT(ErrorOf(FindOutput(WithOutputs({}), "x")),
              FailsWith(ErrorKind::kNotFound, AllOf(HasSubstr("no outputs"), HasSubstr("rerun"))));
}

TEST(FindOutput, KeepsItsErrorOnOneLine) {
  const std::string message =
      ErrorOf(FindOutput(WithOutputs({"a\nb", std::string(500, 'y')}), "x\r\ny")).message;
  EXPECT_EQ(message.find_first_of("\r\n"), std::string::npos);
  EXPECT_LT(message.size(), 300U);
}

}  // namespace
}  // namespace s2c
