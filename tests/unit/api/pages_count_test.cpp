// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/api/pages.h"
#include "tests/unit/api/pages_fixture.h"

namespace s2c {
namespace {

using testing::IsEmpty;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::Pages;

/// meta.count is what a server says, and no more than that.
class CountedPages : public Pages {
 protected:
  CountedPages() { Fill(1, 59); }
};

TEST_F(CountedPages, AreReadToTheirEndWhateverTheServerCounts) {
  const char* const counts[] = {"0",     "1",    "9",     "10",       "11",     "20", "58",
                                "59",    "60",   "1000",  "null",     "\"59\"", "-1", "{}",
                                "1e300", "59.5", "false", "\"many\"", "[]"};
  for (const std::size_t size : {1, 7, 10, 59, 100}) {
    for (const std::string count : counts) {
      for (const bool links : {false, true}) {
        list_.counted = count;
        list_.links = links;
        // Nothing tells such a page from a whole list.
        if (!links && count == std::to_string(size)) continue;
        PageReader reader = Reader(size);
        EXPECT_EQ(Drain(reader), Falling(59, 1)) << count << " in pages of " << size << links;
        EXPECT_EQ(reader.count(), 59U) << count << " in pages of " << size;
        EXPECT_TRUE(reader.whole());
      }
    }
  }
}

TEST_F(CountedPages, HaveNoCountBeforeTheEndWhereTheServersCannotBeRight) {
  for (const std::string count : {"0", "9", "10", "20", "50", "61", "1000", "null", "-1"}) {
    list_.counted = count;
    list_.links = true;
    PageReader reader = Reader(10);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.count(), std::nullopt) << count;
  }
  list_.counted = "59";
  PageReader reader = Reader(10);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.count(), 59U);
}

TEST_F(CountedPages, EndWithAnEmptyPageWhereTheCountIsMissing) {
  list_.counts = false;
  PageReader reader = Reader(20);
  EXPECT_EQ(Drain(reader), Falling(59, 1));
  EXPECT_EQ(transport_.count(), 3U);
  EXPECT_EQ(reader.count(), 59U);
  // What was found out is not asked for again.
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(59, 1));
  EXPECT_EQ(transport_.count(), 3U);
}

TEST_F(CountedPages, ThatAreShorterThanAskedForAreNotTheLastWithoutACount) {
  list_.counts = false;
  for (const std::size_t largest : {1, 3, 20}) {
    list_.largest_page = largest;
    PageReader reader = Reader(30);
    EXPECT_EQ(Drain(reader), Falling(59, 1)) << largest;
  }
}

TEST_F(CountedPages, OfAServerThatGivesTheSameWholeListToEveryRequestEnd) {
  list_.counts = false;
  transport_.AnswerBy([](const Request&) {
    return Answer(200, R"({"data": [{"type": "inference", "id": 1},
                                    {"type": "inference", "id": 2}]})");
  });
  PageReader reader = Reader(10);
  EXPECT_EQ(Drain(reader), Falling(2, 1));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(CountedPages, InNoOrderAreAnErrorWhereTheFirstWasNotTheWholeList) {
  list_.sorts = false;
  list_.counts = false;
  transport_.Then(Answer(200, R"({"data": [{"type": "inference", "id": 50},
                                           {"type": "inference", "id": 55}]})"));
  PageReader reader = Reader(100);
  ASSERT_TRUE(reader.Next());
  EXPECT_THAT(ErrorOf(reader.Next()), FailsWith(ErrorKind::kProtocol, testing::HasSubstr("order")));
}

TEST_F(CountedPages, WithoutRowsAreAnEmptyListWhateverIsCounted) {
  list_.ids.clear();
  for (const std::string count : {"0", "7", "null"}) {
    list_.counted = count;
    PageReader reader = Reader(10);
    EXPECT_THAT(Drain(reader), IsEmpty());
    EXPECT_EQ(reader.count(), 0U);
  }
}

TEST_F(CountedPages, AreReadByNumberWhereTheServerTakesNoFilterAndCountsWrongly) {
  list_.takes_filters = false;
  for (const std::string count : {"0", "20", "1000", "null"}) {
    for (const bool links : {false, true}) {
      list_.counted = count;
      list_.links = links;
      // Nothing tells two such pages from a whole list.
      if (!links && count == "20") continue;
      PageReader reader = Reader(10);
      EXPECT_EQ(Drain(reader), Falling(59, 1)) << count;
      EXPECT_EQ(reader.count(), 59U) << count;
    }
  }
}

TEST_F(CountedPages, AreSoughtByCountingOffWhereTheCountIsWrong) {
  list_.links = true;
  list_.counted = "20";
  PageReader reader = Reader(10);
  EXPECT_EQ(**reader.Seek(57), 47U);
  EXPECT_EQ(Drain(reader).back(), 1);
  EXPECT_EQ(*reader.Seek(59), std::nullopt);
}

}  // namespace
}  // namespace s2c
