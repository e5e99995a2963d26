// SPDX-License-Identifier: MIT
#include "client/http/byte_ranges.h"

#include <gmock/gmock.h>

#include "tests/unit/support/result_matchers.h"

namespace s2c {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Ranges = std::vector<ByteRange>;

TEST(ParseContentRange, TakesARangeWithItsTotal) {
  const auto parsed = ParseContentRange("bytes 10-19/1000");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->range, (ByteRange{10, 10}));
  EXPECT_EQ(parsed->total, 1000U);
}

TEST(ParseContentRange, TakesAnUnknownTotal) {
  const auto parsed = ParseContentRange("bytes 0-0/*");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->range, (ByteRange{0, 1}));
  EXPECT_FALSE(parsed->total);
}

TEST(ParseContentRange, TakesTheTotalOfAnUnsatisfiedRange) {
  const auto parsed = ParseContentRange("bytes */1000");
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->range);
  EXPECT_EQ(parsed->total, 1000U);
}

TEST(ParseContentRange, IgnoresTheCaseOfTheUnitAndBlanksAround) {
  ASSERT_TRUE(ParseContentRange("  Bytes  5-9/10 "));
  EXPECT_EQ(ParseContentRange("BYTES 5-9/10")->range, (ByteRange{5, 5}));
}

TEST(ParseContentRange, TakesFilesLargerThan4GiB) {
  const auto parsed = ParseContentRange("bytes 5000000000-5000000009/6000000000");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->range, (ByteRange{5000000000U, 10}));
}

TEST(ParseContentRange, RefusesAllElse) {
  for (const char* text : {"",
                           "bytes",
                           "bytes ",
                           "bytes 0-9",
                           "0-9/10",
                           "items 0-9/10",
                           "bytes 9-0/10",
                           "bytes 0-10/10",
                           "bytes 0-9/5",
                           "bytes -9/10",
                           "bytes 0-/10",
                           "bytes 0-9/x",
                           "bytes 0-9/",
                           "bytes 0-9/-1",
                           "bytes a-b/10",
                           "bytes 0/10",
                           "bytes=0-9/10",
                           "bytes 0-9/10/11",
                           "bytes 0-18446744073709551615/*",
                           "bytes 0-99999999999999999999/*",
                           "bytes 0-9/99999999999999999999",
                           "bytes 0-0/0"})
    EXPECT_FALSE(ParseContentRange(text)) << "'" << text << "'";
}

TEST(MergeRanges, SortsByOffset) {
  EXPECT_THAT(MergeRanges({{500, 10}, {0, 10}, {200, 10}}, 0, 1000),
              ElementsAre(ByteRange{0, 10}, ByteRange{200, 10}, ByteRange{500, 10}));
}

TEST(MergeRanges, JoinsWhatTouchesOrOverlaps) {
  EXPECT_THAT(MergeRanges({{0, 10}, {10, 10}}, 0, 1000), ElementsAre(ByteRange{0, 20}));
  EXPECT_THAT(MergeRanges({{0, 10}, {5, 10}}, 0, 1000), ElementsAre(ByteRange{0, 15}));
  EXPECT_THAT(MergeRanges({{0, 100}, {5, 10}}, 0, 1000), ElementsAre(ByteRange{0, 100}));
  EXPECT_THAT(MergeRanges({{0, 10}, {0, 10}}, 0, 1000), ElementsAre(ByteRange{0, 10}));
}

TEST(MergeRanges, JoinsAcrossAGapOfAtMostGap) {
  EXPECT_THAT(MergeRanges({{0, 10}, {15, 10}}, 5, 1000), ElementsAre(ByteRange{0, 25}));
  EXPECT_THAT(MergeRanges({{0, 10}, {15, 10}}, 4, 1000),
              ElementsAre(ByteRange{0, 10}, ByteRange{15, 10}));
}

TEST(MergeRanges, MakesNoneLargerThanTheLimit) {
  EXPECT_THAT(MergeRanges({{0, 10}, {10, 10}, {20, 10}}, 0, 20),
              ElementsAre(ByteRange{0, 20}, ByteRange{20, 10}));
}

TEST(MergeRanges, KeepsARangeThatCameLarger) {
  EXPECT_THAT(MergeRanges({{0, 100}, {100, 10}}, 0, 20),
              ElementsAre(ByteRange{0, 100}, ByteRange{100, 10}));
  EXPECT_THAT(MergeRanges({{0, 100}, {50, 50}}, 0, 20), ElementsAre(ByteRange{0, 100}));
}

TEST(MergeRanges, OfNothingIsNothing) { EXPECT_THAT(MergeRanges({}, 10, 10), IsEmpty()); }

TEST(MergeRanges, CoversEveryByteThatWasAskedFor) {
  // All triples of a few ranges, against a plain bitmap.
  const Ranges pool = {{0, 3}, {2, 4}, {6, 1}, {7, 5}, {12, 2}, {3, 12}};
  for (const ByteRange& a : pool)
    for (const ByteRange& b : pool)
      for (const ByteRange& c : pool) {
        std::vector<bool> covered(32);
        for (const ByteRange& range : MergeRanges({a, b, c}, 1, 8))
          for (auto at = range.offset; at < range.end(); ++at) covered[at] = true;
        for (const ByteRange& range : {a, b, c})
          for (auto at = range.offset; at < range.end(); ++at) EXPECT_TRUE(covered[at]) << at;
      }
}

}  // namespace
}  // namespace s2c
