// SPDX-License-Identifier: MIT
#include "client/api/filter.h"

#include <gmock/gmock.h>

#include <limits>

#include "client/base/json.h"
#include "client/base/url.h"

namespace s2c {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

std::string Json(const RowFilter& filter) { return filter.ToParameter(kNoLimit).json; }

RowFilter Id(Comparison comparison, std::int64_t value) {
  return RowFilter::Compare("id", comparison, value);
}

TEST(RowFilter, IsAListOfConditions) {
  EXPECT_EQ(Json(Id(Comparison::kEqual, 7)), R"([{"name":"id","op":"eq","val":7}])");
  EXPECT_EQ(Json(RowFilter::Compare("x", Comparison::kGreaterOrEqual, 0.1)),
            R"([{"name":"x","op":"ge","val":0.1}])");
  EXPECT_EQ(Json(RowFilter::Null("x")), R"([{"name":"x","op":"is_","val":null}])");
  EXPECT_EQ(Json(RowFilter::NotNull("x")), R"([{"name":"x","op":"isnot","val":null}])");
  EXPECT_EQ(Json(RowFilter::Is("x", true)), R"([{"name":"x","op":"eq","val":true}])");
  EXPECT_EQ(Json(RowFilter::In("x", {1, -2})), R"([{"name":"x","op":"in","val":[1,-2]}])");
  EXPECT_EQ(Json(RowFilter::In("x", {3})), R"([{"name":"x","op":"eq","val":3}])");
  EXPECT_EQ(Json(RowFilter::NotIn("x", {3})), R"([{"name":"x","op":"notin_","val":[3]}])");
}

TEST(RowFilter, EscapesWhatJsonEscapes) {
  const std::string text = "a\"b\\c\n\x01 \xC3\xBC";
  const auto document = ParseJson(Json(RowFilter::Compare("x", Comparison::kNotEqual, text)));
  ASSERT_TRUE(document);
  EXPECT_EQ(TextAt((**document)[0], "val"), text);
}

TEST(RowFilter, JoinsNestedConditionsOfOneKindInOneList) {
  const RowFilter a = Id(Comparison::kLess, 1);
  const RowFilter b = Id(Comparison::kLess, 2);
  const RowFilter c = Id(Comparison::kLess, 3);
  const std::string texts[] = {R"({"name":"id","op":"lt","val":1})",
                               R"({"name":"id","op":"lt","val":2})",
                               R"({"name":"id","op":"lt","val":3})"};
  EXPECT_EQ(Json(RowFilter::Every({a, RowFilter::Every({b, c})})),
            "[" + texts[0] + "," + texts[1] + "," + texts[2] + "]");
  EXPECT_EQ(Json(RowFilter::Any({RowFilter::Any({a, b}), c})),
            R"([{"or":[)" + texts[0] + "," + texts[1] + "," + texts[2] + "]}]");
  EXPECT_EQ(Json(RowFilter::Any({a, RowFilter::Every({b, c})})),
            R"([{"or":[)" + texts[0] + R"(,{"and":[)" + texts[1] + "," + texts[2] + "]}]}]");
  EXPECT_EQ(Json(RowFilter::Any({a})), "[" + texts[0] + "]");
}

TEST(RowFilter, MakesOneListOfTheEqualitiesOfAnOr) {
  const auto is = [](const char* name, std::int64_t value) {
    return RowFilter::Compare(name, Comparison::kEqual, value);
  };
  const RowFilter other = Id(Comparison::kLess, 3);
  EXPECT_EQ(Json(RowFilter::Any({is("id", 7), RowFilter::Any({is("id", 9), is("id", 8)})})),
            R"([{"name":"id","op":"in","val":[7,9,8]}])");
  EXPECT_EQ(Json(RowFilter::Any({is("id", 7), other, is("x", 1), RowFilter::In("id", {9, 8})})),
            R"([{"or":[{"name":"id","op":"in","val":[7,9,8]},{"name":"id","op":"lt","val":3},)"
            R"({"name":"x","op":"eq","val":1}]}])");
  EXPECT_EQ(Json(RowFilter::Every({is("id", 7), is("id", 9)})),
            R"([{"name":"id","op":"eq","val":7},{"name":"id","op":"eq","val":9}])");
}

TEST(RowFilter, KnowsWhatDecidesAJunction) {
  const RowFilter some = Id(Comparison::kLess, 1);
  EXPECT_EQ(Json(RowFilter::Every({some, RowFilter::All()})), Json(some));
  EXPECT_EQ(Json(RowFilter::Any({some, RowFilter::None()})), Json(some));
  EXPECT_TRUE(RowFilter::Any({some, RowFilter::All()}).IsAll());
  EXPECT_EQ(Json(RowFilter::Every({some, RowFilter::None()})), Json(RowFilter::None()));
  EXPECT_TRUE(RowFilter::Every({}).IsAll());
  EXPECT_EQ(Json(RowFilter::All()), "");
  EXPECT_EQ(Json(RowFilter::None()), R"([{"name":"id","op":"is_","val":null}])");
  EXPECT_EQ(Json(RowFilter::In("x", {})), Json(RowFilter::None()));
}

TEST(RowFilter, LeavesOutConditionsThatMakeItTooLong) {
  const RowFilter small = Id(Comparison::kLess, 1);
  const RowFilter other = Id(Comparison::kGreater, 0);
  const RowFilter large = RowFilter::In("id", std::vector<std::int64_t>(100, 123456));
  const RowFilter::Parameter parameter = RowFilter::Every({small, large, other}).ToParameter(200);
  EXPECT_FALSE(parameter.whole);
  EXPECT_EQ(parameter.json, Json(RowFilter::Every({small, other})));
  EXPECT_LE(PercentEncode(parameter.json).size(), 200u);
  // Of an OR no branch can be left out.
  const RowFilter::Parameter none = RowFilter::Any({small, large}).ToParameter(200);
  EXPECT_EQ(none.json, "");
  EXPECT_FALSE(none.whole);
}

TEST(Comparisons, KnowTheirOpposites) {
  using C = Comparison;
  for (const C one :
       {C::kEqual, C::kNotEqual, C::kLess, C::kLessOrEqual, C::kGreater, C::kGreaterOrEqual}) {
    EXPECT_NE(Inverse(one), one);
    EXPECT_EQ(Inverse(Inverse(one)), one);
    EXPECT_EQ(Mirrored(Mirrored(one)), one);
  }
  EXPECT_EQ(Inverse(C::kLess), C::kGreaterOrEqual);
  EXPECT_EQ(Mirrored(C::kLess), C::kGreater);
  EXPECT_EQ(Mirrored(C::kLessOrEqual), C::kGreaterOrEqual);
  EXPECT_EQ(Mirrored(C::kNotEqual), C::kNotEqual);
}

}  // namespace
}  // namespace s2c
