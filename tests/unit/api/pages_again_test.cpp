// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/api/pages.h"
#include "tests/unit/api/pages_fixture.h"

namespace s2c {
namespace {

using testing::IsEmpty;
using testing_support::Answer;
using testing_support::Ids;
using testing_support::MakeJson;
using testing_support::MessageOf;
using testing_support::Pages;
using testing_support::QueryValue;

TEST_F(Pages, ASecondReadingOfASmallListAsksForNothing) {
  Fill(1, 20);
  PageReader reader = Reader(5);
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  reader.Rewind();
  EXPECT_TRUE(reader.whole());
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(Pages, ASecondReadingBeginsInTheMiddleAsWell) {
  Fill(1, 70);
  PageReader reader = Reader(5);
  ASSERT_TRUE(reader.Next());
  ASSERT_TRUE(reader.Next());
  reader.Rewind();
  EXPECT_FALSE(reader.whole());
  EXPECT_EQ(Drain(reader), Falling(70, 1));
  EXPECT_EQ(transport_.count(), 3U);
}

// Pages of one row each down to id 1, with as many bytes as `size_of` says of its id.
template <class SizeOf>
testing_support::FakeTransport::Handler OneByOne(std::int64_t last, SizeOf size_of) {
  return [last, size_of](const Request& request) {
    const std::string filter = QueryValue(request.url, "filter");
    const std::int64_t id =
        filter == "(absent)" ? last : (*MakeJson(filter))[0]["val"].GetInt64() - 1;
    return Answer(200, R"({"data": [{"type": "inference", "id": )" + std::to_string(id) +
                           R"(, "area": ")" + std::string(size_of(id), 'x') +
                           R"("}], "meta": {"count": )" + std::to_string(id) + "}" +
                           (id > 1 ? R"(, "links": {"next": "/"}})" : "}"));
  };
}

TEST_F(Pages, OfALargeListTheFirstPageIsKept) {
  transport_.AnswerBy(OneByOne(4, [](std::int64_t) { return std::size_t{5} << 20; }));
  PageReader reader = Reader(1);
  EXPECT_EQ(Drain(reader), Falling(4, 1));
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(4, 1));
  EXPECT_EQ(transport_.count(), 7U);
}

TEST_F(Pages, ASmallPageBehindALargeOneIsNotKept) {
  transport_.AnswerBy(
      OneByOne(3, [](std::int64_t id) { return id == 2 ? std::size_t{9} << 20 : 1; }));
  PageReader reader = Reader(1);
  EXPECT_EQ(Drain(reader), Falling(3, 1));
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(3, 1));
}

TEST_F(Pages, ASecondReadingOfAnEmptyListAsksForNothing) {
  PageReader reader = Reader(5);
  EXPECT_THAT(Drain(reader), IsEmpty());
  reader.Rewind();
  EXPECT_THAT(Drain(reader), IsEmpty());
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Pages, ARowIsFoundByItsIndexInTwoRequestsAndReadingGoesOnThere) {
  Fill(1, 95);
  PageReader reader = Reader(10);
  const auto place = reader.Seek(57);
  ASSERT_EQ(MessageOf(place), "");
  EXPECT_EQ(*place, 7U);
  EXPECT_EQ(transport_.count(), 2U);
  EXPECT_EQ(Query(1, "page[number]"), "6");
  EXPECT_EQ(Drain(reader), Falling(45, 1));
  EXPECT_EQ(Query(2, "page[number]"), "(absent)");
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(95, 1));
}

TEST_F(Pages, ARowOfTheLastPageIsFoundByItsIndex) {
  Fill(1, 95);
  PageReader reader = Reader(10);
  EXPECT_EQ(**reader.Seek(94), 4U);
  EXPECT_EQ(Drain(reader), Falling(5, 1));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(Pages, ARowOfAPageThatWasKeptIsFoundWithoutARequest) {
  Fill(1, 30);
  PageReader reader = Reader(10);
  Drain(reader);
  EXPECT_EQ(**reader.Seek(12), 2U);
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(Pages, AnIndexBeyondTheEndIsNowhere) {
  Fill(1, 30);
  PageReader reader = Reader(10);
  EXPECT_EQ(*reader.Seek(30), std::nullopt);
  EXPECT_THAT(Drain(reader), IsEmpty());
  EXPECT_EQ(transport_.count(), 1U);
  list_.counts = false;
  PageReader uncounted = Reader(10);
  EXPECT_EQ(*uncounted.Seek(30), std::nullopt);
  PageReader empty(source_, {"inference", {}, R"([{"name":"id","op":"lt","val":1}])", 10, 0});
  EXPECT_EQ(*empty.Seek(0), std::nullopt);
}

TEST_F(Pages, WhatIsOnItsWayBehindARowIsNotTakenForWhatIsBehindAnother) {
  Fill(1, 95);
  PageReader reader = Reader(10);
  ASSERT_TRUE(*reader.Seek(50));
  ASSERT_TRUE(*reader.Next());
  ASSERT_TRUE(*reader.Next());
  const std::size_t given_up = transport_.cancelled();
  // All places move by three, so that the pages no longer begin where they did.
  Fill(96, 98);
  EXPECT_EQ(**reader.Seek(60), 0U);
  EXPECT_EQ(transport_.cancelled(), given_up + 1);
  EXPECT_EQ(Drain(reader), Falling(38, 1));
}

TEST_F(Pages, AnIndexIsCountedOffWhereTheListHasBecomeShorter) {
  Fill(1, 95);
  PageReader reader = Reader(10);
  ASSERT_TRUE(reader.Next());
  for (std::int64_t id = 41; id <= 50; ++id) list_.ids.erase(id);
  // The second page, of all others, is larger.
  EXPECT_EQ(**reader.Seek(84), 74U);
  Ids page = Falling(85, 51);
  const Ids rest = Falling(40, 1);
  page.insert(page.end(), rest.begin(), rest.end());
  EXPECT_EQ(Drain(reader), page);
}

TEST_F(Pages, AnIndexIsCountedOffWhereTheServerClipsItsPages) {
  Fill(1, 30);
  list_.largest_page = 4;
  PageReader reader = Reader(10);
  EXPECT_EQ(**reader.Seek(13), 1U);
  EXPECT_EQ(Drain(reader), Falling(18, 1));
}

}  // namespace
}  // namespace s2c
