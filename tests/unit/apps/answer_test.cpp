// SPDX-License-Identifier: MIT
#include "apps/answer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace s2c {
namespace {

std::string JsonOf(const Record& record) { return ToJson(record.value()); }

TEST(ARecord, KeepsItsNamesInOrderAndTheirTypes) {
  Record record;
  record.Set("z", "text");
  record.Set("a", std::int64_t{-7});
  record.Set("real", 0.5);
  record.Set("yes", true);
  record.Set("none", nullptr);
  record.Set("no text", std::optional<std::string>());
  record.Set("no number", std::optional<std::int64_t>());
  EXPECT_EQ(JsonOf(record),
            R"({"z":"text","a":-7,"real":0.5,"yes":true,"none":null,"no text":null,)"
            R"("no number":null})");
}

TEST(ARecord, IsJsonWhateverItsTextsHold) {
  Record record;
  record.Set("text", std::string("\"\\\n\x1b\xFF\0", 6));
  record.Set("nan", std::nan(""));
  const auto read = ParseJson(JsonOf(record));
  ASSERT_TRUE(read);
  EXPECT_EQ(TextAt(**read, "text"), std::string("\"\\\n\x1b\xEF\xBF\xBD\0", 8));
  EXPECT_TRUE((**read)["nan"].IsNull());
}

TEST(ARecord, HoldsOthers) {
  std::vector<Record> parts(2);
  parts[0].Set("name", "a");
  parts[1].Set("name", "b");
  Record record;
  record.Set("parts", parts);
  parts.clear();
  EXPECT_EQ(JsonOf(record), R"({"parts":[{"name":"a"},{"name":"b"}]})");
}

TEST(ACell, IsTextOnOneLine) {
  const auto read = ParseJson(R"([null, "a\tb\n\u001b", 7, true, ["x", "y"], []])");
  ASSERT_TRUE(read);
  std::vector<std::string> cells;
  for (const JsonValue& value : (*read)->GetArray()) cells.push_back(CellText(value));
  EXPECT_EQ(cells, (std::vector<std::string>{"", "a b  ", "7", "true", "x, y", ""}));
}

}  // namespace
}  // namespace s2c
