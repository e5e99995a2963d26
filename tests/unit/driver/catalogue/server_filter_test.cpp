// SPDX-License-Identifier: MIT
#include "driver/catalogue/server_filter.h"

#include <gmock/gmock.h>

#include "client/base/url.h"
#include "tests/unit/support/memory_layer.h"
#include "vsi/gdal_compat.h"

namespace s2c {
namespace {

using testing_support::MemoryLayer;
using testing_support::QuietErrors;

class TranslateFilterTest : public ::testing::Test {
 protected:
  ServerFilter Translate(const std::string& where) {
    const QuietErrors quiet;
    OGRFeatureQuery query;
    EXPECT_EQ(query.Compile(&memory_.layer(), where.c_str()), OGRERR_NONE) << where;
    const auto* const expression = static_cast<swq_expr_node*>(query.GetSWQExpr());
    return expression ? TranslateFilter(*expression, map_) : ServerFilter{};
  }
  // The only condition, without the list's brackets.
  std::string Condition(const std::string& where) {
    const std::string json = Translate(where).json;
    return json.size() < 2 ? json : json.substr(1, json.size() - 2);
  }
  void ExpectComplete(const std::string& where, const std::string& condition) {
    EXPECT_EQ(Condition(where), condition) << where;
    EXPECT_TRUE(Translate(where).complete) << where;
  }
  void ExpectPartial(const std::string& where, const std::string& condition) {
    EXPECT_EQ(Condition(where), condition) << where;
    EXPECT_FALSE(Translate(where).complete) << where;
  }

  MemoryLayer memory_{{{"owner", OFTString},
                       {"status", OFTString},
                       {"favourite", OFTInteger, OFSTBoolean},
                       {"knowledgebase_id", OFTInteger64},
                       {"status_progress", OFTReal},
                       {"timestamp_created", OFTDateTime},
                       {"dateStart", OFTDate},
                       {"online", OFTInteger, OFSTBoolean},
                       {"datasets", OFTStringList}}};
  FieldMap map_{{{"owner", ServerKind::kText},
                 {"status", ServerKind::kWord},
                 {"favourite", ServerKind::kBoolean},
                 {"knowledgebase_id", ServerKind::kInteger},
                 {"status_progress", ServerKind::kReal},
                 {"timestamp_created", ServerKind::kTime},
                 {"dateStart", ServerKind::kDate},
                 {},
                 {}},
                1};
};

TEST_F(TranslateFilterTest, ComparesWordsIgnoringCaseAsOgrDoes) {
  ExpectComplete("status = 'FAILED'", R"({"name":"status","op":"ilike","val":"FAILED"})");
  ExpectComplete("'FAILED' = status", R"({"name":"status","op":"ilike","val":"FAILED"})");
  ExpectComplete("status <> 'FAILED'", R"({"name":"status","op":"notilike","val":"FAILED"})");
  ExpectPartial("status < 'FAILED'", "");
  ExpectPartial("status BETWEEN 'A' AND 'B'", "");
}

TEST_F(TranslateFilterTest, IsTheFilterOfSen2cliForStatusAndKnowledgebase) {
  const ServerFilter filter = Translate("status='FAILED' AND knowledgebase_id IN (218,221)");
  EXPECT_EQ(filter.json, R"([{"name":"status","op":"ilike","val":"FAILED"},)"
                         R"({"name":"knowledgebase_id","op":"in","val":[218,221]}])");
  EXPECT_TRUE(filter.complete);
}

TEST_F(TranslateFilterTest, AsksForMoreTextsWhereDatabasesDifferFromOgr) {
  ExpectComplete("owner = 'demo'", R"({"name":"owner","op":"ilike","val":"demo"})");
  // Folding makes a k of the Kelvin sign.
  ExpectPartial("owner = 'mark'", R"({"name":"owner","op":"ilike","val":"mark"})");
  ExpectPartial("owner = 'a_b%c\\d'", R"({"name":"owner","op":"ilike","val":"a_b_c_d"})");
  ExpectPartial("owner = 'Gr\xC3\xBCn'", R"({"name":"owner","op":"ilike","val":"Gr%n"})");
  ExpectPartial("owner <> 'mark'", R"({"name":"owner","op":"ne","val":"mark"})");
  ExpectPartial("owner <> 'a_b'", R"({"name":"owner","op":"ne","val":"a_b"})");
  ExpectPartial("owner <> 'Gr\xC3\xBCn'", R"({"name":"owner","op":"isnot","val":null})");
  // For OGR '12:30+00' equals '12:30'.
  ExpectPartial("owner = '12:30'", "");
  ExpectPartial("owner = '12:30+00'", "");
  EXPECT_FALSE(Translate("NOT owner = '12:30'").complete);
}

TEST_F(TranslateFilterTest, KeepsQuotesAndControlCharacters) {
  ExpectComplete("owner = 'a\"b''c\x01'", R"({"name":"owner","op":"ilike","val":"a\"b'c\u0001"})");
}

TEST_F(TranslateFilterTest, ComparesNumbers) {
  ExpectComplete("knowledgebase_id >= 218", R"({"name":"knowledgebase_id","op":"ge","val":218})");
  ExpectComplete("218 < knowledgebase_id", R"({"name":"knowledgebase_id","op":"gt","val":218})");
  ExpectComplete("knowledgebase_id = 218.0", R"({"name":"knowledgebase_id","op":"eq","val":218})");
  ExpectComplete("knowledgebase_id = '218'", R"({"name":"knowledgebase_id","op":"eq","val":218})");
  ExpectComplete("knowledgebase_id < 218.5", R"({"name":"knowledgebase_id","op":"lt","val":219})");
  ExpectComplete("knowledgebase_id <= -218.5",
                 R"({"name":"knowledgebase_id","op":"le","val":-219})");
  ExpectComplete("knowledgebase_id = 218.5", R"({"name":"id","op":"is_","val":null})");
  ExpectComplete("knowledgebase_id <> 218.5",
                 R"({"name":"knowledgebase_id","op":"isnot","val":null})");
  ExpectComplete("knowledgebase_id = 9223372036854775807",
                 R"({"name":"knowledgebase_id","op":"eq","val":9223372036854775807})");
  ExpectPartial("knowledgebase_id < 1e300", "");
  ExpectComplete("knowledgebase_id IN (2, 1.0, 2.5, '3')",
                 R"({"name":"knowledgebase_id","op":"in","val":[1,2,3]})");
  EXPECT_EQ(Translate("knowledgebase_id BETWEEN 1 AND 2.5").json,
            R"([{"name":"knowledgebase_id","op":"ge","val":1},)"
            R"({"name":"knowledgebase_id","op":"le","val":2}])");
  ExpectPartial("status_progress > 2", R"({"name":"status_progress","op":"ge","val":1.999998})");
}

TEST_F(TranslateFilterTest, ComparesBooleansAsZeroAndOne) {
  ExpectComplete("favourite = 1", R"({"name":"favourite","op":"eq","val":true})");
  ExpectComplete("favourite <> 1", R"({"name":"favourite","op":"eq","val":false})");
  ExpectComplete("favourite < 2", R"({"name":"favourite","op":"isnot","val":null})");
  ExpectComplete("favourite = 2", R"({"name":"id","op":"is_","val":null})");
  // OGR takes both for 0 then.
  ExpectPartial("favourite = 1.0", "");
}

TEST_F(TranslateFilterTest, ComparesTimesWithinTheRounding) {
  ExpectPartial("timestamp_created >= '2021-09-28T07:41:12Z'",
                R"({"name":"timestamp_created","op":"ge","val":"2021-09-28T07:41:11+00:00"})");
  ExpectPartial("timestamp_created < '2021/09/28'",
                R"({"name":"timestamp_created","op":"le","val":"2021-09-28T00:00:02+00:00"})");
  ExpectPartial("timestamp_created <> '2021-09-28'",
                R"({"name":"timestamp_created","op":"isnot","val":null})");
  ExpectPartial("timestamp_created > 'yesterday'", "");
  ExpectPartial("timestamp_created > '12:30'", "");
  ExpectPartial("timestamp_created > '2021-02-30'", "");
}

TEST_F(TranslateFilterTest, ComparesDatesByTheDay) {
  const auto expect = [this](const std::string& where, const std::string& json) {
    const ServerFilter filter = Translate(where);
    EXPECT_EQ(filter.json, "[" + json + "]") << where;
    EXPECT_EQ(filter.complete, !kNullComparisonIsFalse) << where;
  };
  expect("dateStart > '2020-12-31'", R"({"name":"dateStart","op":"ge","val":"2021-01-01"})");
  expect("dateStart >= '2020-12-31'", R"({"name":"dateStart","op":"ge","val":"2020-12-31"})");
  expect("dateStart >= '2020-12-31 12:00:00'",
         R"({"name":"dateStart","op":"ge","val":"2021-01-01"})");
  expect("dateStart < '2020-12-31'", R"({"name":"dateStart","op":"lt","val":"2020-12-31"})");
  expect("dateStart = '2020-12-31'", R"({"name":"dateStart","op":"ge","val":"2020-12-31"},)"
                                     R"({"name":"dateStart","op":"lt","val":"2021-01-01"})");
}

TEST_F(TranslateFilterTest, LikeHasNoEscapesAndTwoMeaningsOfCase) {
  ExpectPartial("owner LIKE 'Run%'", R"({"name":"owner","op":"ilike","val":"Run%"})");
  ExpectComplete("owner ILIKE '%psycopg2%'", R"({"name":"owner","op":"ilike","val":"%psycopg2%"})");
  ExpectPartial("owner ILIKE 'a_c'", R"({"name":"owner","op":"ilike","val":"a%c"})");
  ExpectComplete("status ILIKE 'fa_l%'", R"({"name":"status","op":"ilike","val":"fa_l%"})");
  ExpectPartial("owner ILIKE '5x%%' ESCAPE 'x'", R"({"name":"owner","op":"ilike","val":"5_%"})");
  ExpectPartial("owner ILIKE '\xC3\xBC\xC3\xBC%'", R"({"name":"owner","op":"ilike","val":"%%"})");
}

TEST_F(TranslateFilterTest, KnowsTheFid) {
  ExpectComplete("FID = 10424", R"({"name":"id","op":"eq","val":10424})");
  ExpectComplete("FID IS NULL", R"({"name":"id","op":"is_","val":null})");
  ExpectComplete("FID IS NOT NULL", "");
}

TEST_F(TranslateFilterTest, KnowsTheFidByItsColumnsName) {
  // Behind the fields, five special ones and the geometry (OGRFeatureQuery::Compile()).
  swq_expr_node where(SWQ_GT);
  auto* const column = new swq_expr_node("id");
  column->eNodeType = SNT_COLUMN;
  column->field_type = SWQ_INTEGER64;
  column->field_index = static_cast<int>(map_.fields.size()) + 5 + map_.geometry_fields;
  where.PushSubExpression(column);
  where.PushSubExpression(new swq_expr_node(7));
  EXPECT_EQ(TranslateFilter(where, map_).json, R"([{"name":"id","op":"gt","val":7}])");
  --column->field_index;
  EXPECT_EQ(TranslateFilter(where, map_).json, "");
}

TEST_F(TranslateFilterTest, TakesOfAnAndWhatTranslates) {
  ExpectPartial("knowledgebase_id = 1 AND online = 1",
                R"({"name":"knowledgebase_id","op":"eq","val":1})");
  ExpectPartial("knowledgebase_id = 1 OR online = 1", "");
  ExpectPartial("NOT (knowledgebase_id = 1 AND online = 1)", "");
  ExpectPartial("owner = status", "");
  ExpectPartial("favourite", "");
  ExpectPartial("OGR_GEOM_AREA > 1", "");
  ExpectPartial("SUBSTR(owner, 1, 1) = 'a'", "");
  ExpectPartial("knowledgebase_id = NULL", "");
}

TEST_F(TranslateFilterTest, NegatesTheComparisonsAndMindsNull) {
  const std::string null = R"({"name":"knowledgebase_id","op":"is_","val":null})";
  const auto with_null = [&](const std::string& leaf) {
    return kNullComparisonIsFalse ? R"({"or":[)" + leaf + "," + null + "]}" : leaf;
  };
  ExpectComplete("NOT knowledgebase_id = 1",
                 with_null(R"({"name":"knowledgebase_id","op":"ne","val":1})"));
  ExpectComplete("NOT knowledgebase_id < 1",
                 with_null(R"({"name":"knowledgebase_id","op":"ge","val":1})"));
  ExpectComplete("knowledgebase_id NOT IN (1, 2)",
                 with_null(R"({"name":"knowledgebase_id","op":"notin_","val":[1,2]})"));
  ExpectComplete("knowledgebase_id IS NOT NULL",
                 R"({"name":"knowledgebase_id","op":"isnot","val":null})");
  ExpectComplete("NOT (NOT knowledgebase_id = 1)",
                 R"({"name":"knowledgebase_id","op":"eq","val":1})");
}

TEST_F(TranslateFilterTest, ARealThatIsNullInTheLayerMayBeNaNAtTheServer) {
  ExpectPartial("status_progress IS NULL", "");
  ExpectPartial("status_progress IS NOT NULL",
                R"({"name":"status_progress","op":"isnot","val":null})");
  ExpectPartial("NOT (status_progress IS NOT NULL)", "");
  ExpectPartial("NOT (knowledgebase_id = 1 AND NOT status_progress < 5)", "");
}

TEST_F(TranslateFilterTest, SeveralIdsAreOneListHoweverTheyAreWritten) {
  const std::string list = R"({"name":"id","op":"in","val":[5,8,9]})";
  ExpectComplete("FID IN (9, 5, 8)", list);
  ExpectComplete("fid = 5 OR fid = 8 OR fid = 9", list);
  ExpectComplete("((fid = 5) OR (fid = 8)) OR fid IN (9)", list);
  std::string ids;
  for (int id = 10000; id < 10240; ++id) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  ExpectComplete("FID IN (" + ids + ")", R"({"name":"id","op":"in","val":[)" + ids + "]}");
}

TEST_F(TranslateFilterTest, StaysShortEnoughForAnAddress) {
  std::string ids;
  for (int id = 10000; id < 12000; ++id) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  const ServerFilter range = Translate("FID IN (" + ids + ")");
  EXPECT_EQ(range.json,
            R"([{"name":"id","op":"ge","val":10000},{"name":"id","op":"le","val":11999}])");
  EXPECT_FALSE(range.complete);
  ExpectPartial("FID NOT IN (" + ids + ")", "");
  const std::string long_text(5000, 'x');
  ExpectPartial("owner = '" + long_text + "' AND favourite = 1",
                R"({"name":"favourite","op":"eq","val":true})");
}

}  // namespace
}  // namespace s2c
