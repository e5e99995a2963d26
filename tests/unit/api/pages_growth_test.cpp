// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/api/pages.h"
#include "tests/unit/api/pages_fixture.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing_support::Pages;

class GrowingPages : public Pages {
 protected:
  /// page[size] of all requests.
  std::vector<std::string> Sizes() const {
    std::vector<std::string> sizes;
    for (std::size_t i = 0; i < transport_.count(); ++i) sizes.push_back(Query(i, "page[size]"));
    return sizes;
  }
};

TEST_F(GrowingPages, WhoReadsOnGetsUpToTenTimesAsManyRowsInARequest) {
  Fill(1, 5059);
  list_.links = true;
  PageReader reader = Reader(100);
  EXPECT_EQ(Drain(reader), Falling(5059, 1));
  EXPECT_THAT(Sizes(), ElementsAre("100", "1000", "1000", "1000", "1000", "1000"));
}

TEST_F(GrowingPages, WhoStopsEarlyHasAskedForLittle) {
  Fill(1, 5059);
  PageReader reader = Reader(100);
  ASSERT_TRUE(reader.Next());
  EXPECT_THAT(Sizes(), ElementsAre("100"));
  reader.Prefetch();
  EXPECT_THAT(Sizes(), ElementsAre("100", "1000"));
}

TEST_F(GrowingPages, NoMoreRowsThanAreWantedAreAskedFor) {
  Fill(1, 5059);
  PageReader reader(source_, {"inference", {}, "", 100, 1000});
  for (int page = 0; page < 2; ++page) ASSERT_TRUE(reader.Next());
  EXPECT_THAT(Sizes(), ElementsAre("100", "900"));
}

TEST_F(GrowingPages, RowsOfManyBytesComeInPagesThatDoNotGrow) {
  Fill(1, 50);
  list_.padding = 200'000;
  PageReader reader = Reader(10);
  EXPECT_EQ(Drain(reader), Falling(50, 1));
  EXPECT_THAT(Sizes(), ElementsAre("10", "20", "20"));
}

TEST_F(GrowingPages, NoPageIsSmallerThanTheFirst) {
  Fill(1, 9);
  list_.padding = 2'000'000;
  PageReader reader = Reader(3);
  EXPECT_EQ(Drain(reader), Falling(9, 1));
  EXPECT_THAT(Sizes(), ElementsAre("3", "3", "3"));
}

TEST_F(GrowingPages, APageLargerThanTheServersLargestIsAskedForInASizeThatItTakesFromThenOn) {
  Fill(1, 100);
  list_.refused_page = 41;
  PageReader reader = Reader(10);
  EXPECT_EQ(Drain(reader), Falling(100, 1));
  EXPECT_THAT(Sizes(), ElementsAre("10", "100", "33", "33", "33"));
  EXPECT_EQ(Query(3, "page[number]"), "(absent)");
  PageReader other = Reader(10);
  EXPECT_EQ(Drain(other), Falling(100, 1));
  EXPECT_THAT(Query(6, "page[size]"), "33");
  EXPECT_EQ(transport_.count(), 9U) << "the refusal is remembered";
}

TEST_F(GrowingPages, APageThatIsTooMuchForAProxyIsAskedForInTheSizeBefore) {
  Fill(1, 100);
  for (const int status : {413, 504}) {
    list_.refused_page = 50;
    list_.refusal = status;
    PageReader reader = Reader(10);
    EXPECT_EQ(Drain(reader), Falling(100, 1)) << status;
    EXPECT_EQ(source_.largest_page(), SIZE_MAX) << "that was this list's";
  }
}

TEST_F(GrowingPages, AServerThatClipsThePagesIsReadToTheEnd) {
  Fill(1, 200);
  for (const bool links : {false, true}) {
    list_.links = links;
    for (const std::size_t largest : {3, 10, 25, 40}) {
      list_.largest_page = largest;
      PageReader reader = Reader(10);
      EXPECT_EQ(Drain(reader), Falling(200, 1)) << largest;
      EXPECT_EQ(reader.count(), 200U);
    }
  }
}

TEST_F(GrowingPages, RowsThatComeAndGoMeanwhileShiftNothing) {
  Fill(1, 300);
  PageReader reader = Reader(10);
  testing_support::Ids ids;
  for (std::int64_t round = 0;; ++round) {
    const auto page = reader.Next();
    ASSERT_TRUE(page);
    if (!*page) break;
    const auto more = IdsOf(*page);
    ids.insert(ids.end(), more.begin(), more.end());
    Fill(301 + round * 7, 307 + round * 7);
    list_.ids.erase(300 - round);
  }
  EXPECT_EQ(ids, Falling(300, 1));
}

TEST_F(GrowingPages, ARowIsFoundByItsIndexBehindPagesThatHaveGrown) {
  Fill(1, 200);
  PageReader reader = Reader(10);
  for (int page = 0; page < 3; ++page) ASSERT_TRUE(reader.Next());
  EXPECT_EQ(**reader.Seek(25), 15U);
  EXPECT_EQ(IdsOf(*reader.Next()), Falling(190, 91));
  EXPECT_EQ(**reader.Seek(153), 43U);
  EXPECT_EQ(Drain(reader), Falling(90, 1));
}

}  // namespace
}  // namespace s2c
