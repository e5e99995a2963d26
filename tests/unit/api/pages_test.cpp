// SPDX-License-Identifier: MIT
#include "client/api/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/api/pages_fixture.h"
#include "tests/unit/support/captured_log.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::Answer;
using testing_support::CapturedLog;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::Ids;
using testing_support::Pages;
using testing_support::QueryValue;

TEST_F(Pages, ReadsAllRowsInOneRequestPerPage) {
  Fill(1, 10);
  PageReader reader = Reader(4);
  EXPECT_EQ(Drain(reader), Falling(10, 1));
  EXPECT_EQ(transport_.count(), 2U);
  EXPECT_EQ(reader.count(), 10U);
  EXPECT_EQ(Query(0, "filter"), "(absent)");
  EXPECT_EQ(Query(0, "fields[inference]"), "status");
  EXPECT_EQ(Query(1, "filter"), R"([{"name":"id","op":"lt","val":7}])");
}

TEST_F(Pages, OneFullPageIsOneRequest) {
  Fill(1, 4);
  PageReader reader = Reader(4);
  EXPECT_EQ(Drain(reader), Falling(4, 1));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Pages, AnEmptyListIsOneRequest) {
  PageReader reader = Reader(4);
  EXPECT_THAT(Drain(reader), IsEmpty());
  EXPECT_EQ(reader.count(), 0U);
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Pages, TheFilterHoldsForEveryPage) {
  Fill(1, 6);
  PageReader reader = Reader(4, R"([{"name":"status","op":"eq","val":"FAILED"}])");
  Drain(reader);
  EXPECT_EQ(Query(0, "filter"), R"([{"name":"status","op":"eq","val":"FAILED"}])");
  EXPECT_EQ(Query(1, "filter"),
            R"([{"name":"id","op":"lt","val":3},{"name":"status","op":"eq","val":"FAILED"}])");
  EXPECT_TRUE(reader.filtered());
}

TEST_F(Pages, AServerThatClipsThePagesIsReadToTheEnd) {
  Fill(1, 10);
  list_.largest_page = 3;
  PageReader reader = Reader(100);
  EXPECT_EQ(Drain(reader), Falling(10, 1));
}

TEST_F(Pages, RowsThatComeAndGoMeanwhileShiftNothing) {
  Fill(1, 12);
  PageReader reader = Reader(4);
  Ids ids = IdsOf(*reader.Next());
  Fill(13, 20);
  list_.ids.erase(12);
  list_.ids.erase(8);
  const Ids rest = Drain(reader);
  ids.insert(ids.end(), rest.begin(), rest.end());
  EXPECT_EQ(ids, (Ids{12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1}));
}

TEST_F(Pages, AServerWithoutFiltersIsReadByNumberAndGivesNoRowTwice) {
  Fill(1, 10);
  list_.takes_filters = false;
  PageReader reader = Reader(4);
  Ids ids = IdsOf(*reader.Next());
  Fill(11, 13);
  const Ids rest = Drain(reader);
  ids.insert(ids.end(), rest.begin(), rest.end());
  EXPECT_EQ(ids, Falling(10, 1));
  EXPECT_EQ(Query(3, "page[size]"), "4");
  EXPECT_EQ(Query(4, "page[number]"), "2");
  EXPECT_EQ(Query(4, "page[size]"), "4");
}

TEST_F(Pages, AServerThatIgnoresFiltersIsReadByNumber) {
  Fill(1, 70);
  list_.ignores_filters = true;
  PageReader reader = Reader(3);
  // The largest page by id has the first 30 rows; then 31 to 33 and so on by number.
  EXPECT_EQ(Drain(reader), Falling(70, 1));
  EXPECT_EQ(Query(3, "page[number]"), "11");
  EXPECT_EQ(transport_.count(), 3U + 15U) << "its counts belie it, so the end is an empty page";
}

TEST_F(Pages, AServerThatAlwaysGivesTheSamePageIsLeftWithAnError) {
  transport_.AnswerBy([](const Request&) {
    return Answer(200, R"({"data": [{"type": "inference", "id": 2},
        {"type": "inference", "id": 1}], "meta": {"count": 1000000}})");
  });
  PageReader reader = Reader(2);
  EXPECT_THAT(IdsOf(*reader.Next()), ElementsAre(2, 1));
  EXPECT_THAT(
      ErrorOf(reader.Next()),
      FailsWith(ErrorKind::kProtocol, HasSubstr("not give its list of inferences in order")));
  EXPECT_THAT(Drain(reader), IsEmpty());
  EXPECT_LE(transport_.count(), 5U);
}

TEST_F(Pages, AServerThatDoesNotSortIsAnErrorAndNoEarlyEnd) {
  Fill(1, 10);
  list_.sorts = false;
  PageReader reader = Reader(4);
  EXPECT_THAT(
      ErrorOf(reader.Next()),
      FailsWith(ErrorKind::kProtocol, HasSubstr("not give its list of inferences in order")));
  EXPECT_EQ(transport_.count(), 1U);
  EXPECT_FALSE(reader.begun());
}

TEST_F(Pages, APageThatIsTooLongNamesTheOptionThatHelps) {
  Fill(1, 10);
  const auto too_long = [] { return Fail(ErrorKind::kTooLong, "the answer is too long"); };
  transport_.Then(too_long());
  PageReader reader = Reader(4);
  EXPECT_THAT(
      ErrorOf(reader.Next()),
      FailsWith(ErrorKind::kTooLong, "the answer is too long; set a smaller S2C_PAGE_SIZE"));
  PageReader other = Reader(4);
  ASSERT_TRUE(other.Next());
  transport_.Then(too_long()).Then(too_long()).Then(too_long());
  EXPECT_THAT(ErrorOf(other.Next()).message, HasSubstr("S2C_PAGE_SIZE"));
  transport_.Then(too_long());
  PageReader smallest = Reader(1);
  EXPECT_EQ(ErrorOf(smallest.Next()).message, "the answer is too long");
}

TEST_F(Pages, ARowThatADisorderHasLostIsAnErrorAtTheListsEndToo) {
  const auto row = [](int id) {
    return R"({"type": "inference", "id": )" + std::to_string(id) + "}";
  };
  const std::string count = R"("meta": {"count": 4}})";
  const std::string first = R"({"data": [)" + row(8) + "," + row(3) + "], " + count;
  transport_.Then(Answer(200, first)).Then(Answer(200, first));
  transport_.Then(Answer(200, R"({"data": [)" + row(1) + "," + row(9) + "], " + count));
  PageReader reader = Reader(2);
  EXPECT_THAT(IdsOf(*reader.Next()), ElementsAre(8, 3));
  EXPECT_THAT(
      ErrorOf(reader.Next()),
      FailsWith(ErrorKind::kProtocol, HasSubstr("not give its list of inferences in order")));
}

TEST_F(Pages, AListOfRowsThatAreNoneIsLeftWithAnErrorThatSaysSo) {
  transport_.AnswerBy([](const Request&) {
    return Answer(200, R"({"data": [{"type": "inferences", "id": 2},
        {"type": "inferences", "id": 1}], "meta": {"count": 1000000}})");
  });
  PageReader reader = Reader(2);
  EXPECT_THAT(ErrorOf(reader.Next()),
              FailsWith(ErrorKind::kProtocol, HasSubstr("does not name type and id")));
}

TEST_F(Pages, APageIsSortedAndHasNoRowTwice) {
  Fill(1, 6);
  list_.sorts = false;
  PageReader reader = Reader(10);
  EXPECT_EQ(Drain(reader), Falling(6, 1));
  list_.ids.clear();
  transport_.Then(Answer(200, R"({"data": [{"type": "inference", "id": "3"},
      {"type": "inference", "id": 3}, {"type": "inference", "id": 5}]})"));
  PageReader other = Reader(10);
  EXPECT_THAT(Drain(other), ElementsAre(5, 3));
}

TEST_F(Pages, RowsWithoutAnIdAreLeftOutWithOneWarning) {
  const CapturedLog log;
  transport_.Then(Answer(200, R"({"data": [{"type": "inference", "id": 3}, null, 7,
      {"type": "inference", "id": -1}, {"type": "factbase", "id": 2}, {"id": 1}],
      "meta": {"count": 9}})"));
  transport_.Then(Answer(200, R"({"data": [null, {"type": "inference", "id": 2}]})"));
  PageReader reader = Reader(10);
  EXPECT_THAT(Drain(reader), ElementsAre(3, 2));
  EXPECT_EQ(log.Text(LogLevel::kWarning),
            "the list of inferences has rows without a usable type and id; they are left out\n");
}

TEST_F(Pages, NothingIsAskedForAheadBeforeAWholePageWasRead) {
  Fill(1, 100);
  PageReader reader = Reader(5);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(transport_.count(), 1U);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(transport_.count(), 3U) << "the third is on its way";
}

TEST_F(Pages, PrefetchAsksOnceAndOnlyForWhatThereIs) {
  Fill(1, 8);
  PageReader reader = Reader(4);
  reader.Prefetch();
  EXPECT_EQ(transport_.count(), 0U) << "there is no first page yet";
  ASSERT_TRUE(reader.Next());
  reader.Prefetch();
  reader.Prefetch();
  EXPECT_EQ(transport_.count(), 2U);
  ASSERT_TRUE(reader.Next());
  reader.Prefetch();
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(Pages, NothingIsAskedForAheadBeyondTheLimit) {
  Fill(1, 100);
  PageReader reader(source_, {"inference", {}, "", 5, 10});
  ASSERT_TRUE(reader.Next());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(Pages, WhatIsOnItsWayIsGivenUpWithTheReader) {
  Fill(1, 40);
  {
    PageReader reader = Reader(5);
    ASSERT_TRUE(reader.Next());
    reader.Prefetch();
  }
  EXPECT_EQ(transport_.cancelled(), 1U);
}

TEST_F(Pages, DoesWithoutFieldsWhereTheServerRefusesThemAndRemembersIt) {
  Fill(1, 3);
  list_.takes_fields = false;
  PageReader reader = Reader(2);
  EXPECT_EQ(Drain(reader), Falling(3, 1));
  EXPECT_EQ(transport_.count(), 3U);
  PageReader other = Reader(2);
  EXPECT_EQ(Drain(other), Falling(3, 1));
  EXPECT_EQ(transport_.count(), 5U);
}

TEST_F(Pages, FieldsThatAreRefusedOfOneTypeAreStillAskedForOfOthers) {
  Fill(1, 2);
  list_.takes_fields = false;
  PageReader reader = Reader(2);
  ASSERT_TRUE(reader.Next());
  EXPECT_FALSE(source_.TakesFields("inference"));
  transport_.Then(Answer(200, R"({"data": []})"));
  PageReader factbases(source_, {"factbase", {"title"}, "", 2, 0});
  EXPECT_THAT(Drain(factbases), IsEmpty());
  EXPECT_EQ(QueryValue(transport_.last().url, "fields[factbase]"), "title");
}

TEST_F(Pages, DoesWithoutTheFilterWhereTheServerRefusesIt) {
  Fill(1, 3);
  for (const int status : {400, 500}) {
    transport_.AnswerBy([&](const Request& request) -> Result<Response> {
      if (QueryValue(request.url, "filter").find("status") != std::string::npos)
        return Answer(status);
      return list_(request);
    });
    PageReader reader = Reader(2, R"([{"name":"status"}])");
    EXPECT_EQ(Drain(reader), Falling(3, 1)) << status;
    EXPECT_FALSE(reader.filtered());
    EXPECT_TRUE(source_.TakesFields("inference"));
  }
}

TEST_F(Pages, AServerThatRefusesThePageSizeIsReadInItsOwnAndThatIsRemembered) {
  Fill(1, 7);
  list_.refused_page = 50;
  PageReader reader = Reader(100, R"([{"name":"status"}])");
  EXPECT_EQ(Drain(reader), Falling(7, 1));
  EXPECT_TRUE(reader.filtered());
  EXPECT_TRUE(source_.TakesFields("inference"));
  const std::size_t requests = transport_.count();
  PageReader other = Reader(100);
  EXPECT_EQ(Drain(other), Falling(7, 1));
  EXPECT_EQ(transport_.count(), requests + 3);
}

TEST_F(Pages, AListThatIsRefusedInEveryFormIsAnErrorAndNothingIsRemembered) {
  transport_.AnswerBy([](const Request&) { return Answer(400); });
  PageReader reader = Reader(100, R"([{"name":"status"}])");
  EXPECT_EQ(ErrorOf(reader.Next()).http_status, 400);
  EXPECT_TRUE(source_.TakesFields("inference"));
  EXPECT_TRUE(source_.takes_page_size());
}

TEST_F(Pages, AFailureInTheMiddleIsToldOnceAndEndsTheReading) {
  Fill(1, 9);
  PageReader reader = Reader(3);
  ASSERT_TRUE(reader.Next());
  transport_.Then(Answer(403));
  EXPECT_EQ(ErrorOf(reader.Next()).kind, ErrorKind::kCredentials);
  EXPECT_THAT(Drain(reader), IsEmpty());
  EXPECT_EQ(transport_.count(), 2U);
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(9, 1));
}

TEST_F(Pages, WhatIsNoListIsNamedAsSuch) {
  transport_.Then(Answer(200, R"({"data": {}})"));
  PageReader reader = Reader(3);
  EXPECT_THAT(ErrorOf(reader.Next()), FailsWith(ErrorKind::kProtocol, HasSubstr("inferences")));
}

}  // namespace
}  // namespace s2c
