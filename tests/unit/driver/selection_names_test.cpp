// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "driver/names.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

ConnectionString Parsed(const std::string& text) {
  const auto parsed = ParseConnectionString(text);
  EXPECT_EQ(MessageOf(parsed), "") << text;
  EXPECT_TRUE(parsed && parsed->selection) << text;
  return parsed.value_or(ConnectionString{std::nullopt, "", Selection{}});
}

TEST(ParseSelection, TakesIdsWithCommasBetweenThem) {
  const ConnectionString parsed = Parsed("S2C:mosaic(10424, 10431,7 ):Cloud_free_composite");
  EXPECT_EQ(parsed.selection->kind, Selection::Kind::kMosaic);
  EXPECT_THAT(parsed.selection->ids, ElementsAre(10424, 10431, 7));
  EXPECT_EQ(parsed.selection->condition, "");
  EXPECT_EQ(parsed.name, "Cloud_free_composite");
  EXPECT_FALSE(parsed.IsCatalogue());
}

TEST(ParseSelection, TakesAnIdOnce) {
  EXPECT_THAT(Parsed("S2C:stack(5,3,5):n").selection->ids, ElementsAre(5, 3));
}

TEST(ParseSelection, TakesTheKindInAnyCaseWithBlanksAroundIt) {
  const ConnectionString parsed = Parsed("s2c: STACK (1) :n");
  EXPECT_EQ(parsed.selection->kind, Selection::Kind::kStack);
  EXPECT_EQ(parsed.name, "n");
}

TEST(ParseSelection, TakesAllElseForACondition) {
  for (const char* condition : {"knowledgebase_id = 218", "10424,", "1 2", "-1", "fid IN (1,2)",
                                "comment = ')' AND \"a(\" = 1", "comment = 'it''s (\"'",
                                R"(comment = 'it\'s )')", "((1 = 1) AND (2 = 2))", "a = ':x'"}) {
    const ConnectionString parsed =
        Parsed(std::string("S2C:mosaic( ") + condition + " ):a (b): c ");
    EXPECT_EQ(parsed.selection->condition, condition);
    EXPECT_THAT(parsed.selection->ids, IsEmpty());
    EXPECT_EQ(parsed.name, "a (b): c ");
  }
}

TEST(ParseSelection, RefusesWhatDoesNotBalance) {
  for (const char* text : {"S2C:mosaic(1:n", "S2C:mosaic((1):n", "S2C:mosaic(a = '):n",
                           "S2C:stack(a = \"):n", R"(S2C:stack(a = '\'):n)", "S2C:mosaic("})
    EXPECT_THAT(ErrorOf(ParseConnectionString(text)),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("do not balance")))
        << text;
}

TEST(ParseSelection, RefusesWhatSelectsOrNamesNothing) {
  for (const char* text : {"S2C:mosaic():n", "S2C:stack( ):n"})
    EXPECT_THAT(ErrorOf(ParseConnectionString(text)),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("nothing is selected")))
        << text;
  for (const char* text : {"S2C:mosaic(1)", "S2C:mosaic(1):", "S2C:mosaic(1)n",
                           "S2C:mosaic(1))n:", "S2C:mosaic(1) OR (1):n"})
    EXPECT_THAT(ErrorOf(ParseConnectionString(text)),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("name of the outputs is missing")))
        << text;
}

TEST(ParseSelection, LeavesOtherWordsToOthers) {
  for (const char* text : {"S2C:mosaic:n", "S2C:mosaics(1):n", "S2C:(1):n", "S2C:mosaic"})
    EXPECT_THAT(ErrorOf(ParseConnectionString(text)),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("is a whole number")))
        << text;
  EXPECT_EQ(ParseConnectionString("S2C:1:mosaic(1):n")->id, 1);
}

}  // namespace
}  // namespace s2c
