// SPDX-License-Identifier: MIT
#include "client/api/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::Answer;
using testing_support::CapturedLog;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::MakeJson;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::QueryValue;

using Ids = std::vector<std::int64_t>;

// A collection on a server, with what servers do differently.
struct FakeList {
  std::set<std::int64_t> ids;
  std::size_t largest_page = 1000;
  bool takes_fields = true;
  bool takes_filters = true;
  bool ignores_filters = false;
  std::size_t refused_page = 1000;
  bool counts = true;
  bool sorts = true;

  static Ids Below(const JsonValue& filter, Ids ids) {
    for (const JsonValue& node : filter.GetArray()) {
      if (std::string(node["name"].GetString()) != "id") continue;
      EXPECT_STREQ(node["op"].GetString(), "lt");
      const std::int64_t limit = node["val"].GetInt64();
      ids.erase(std::remove_if(ids.begin(), ids.end(), [&](auto id) { return id >= limit; }),
                ids.end());
    }
    return ids;
  }

  Result<Response> operator()(const Request& request) const {
    const std::string fields = QueryValue(request.url, "fields[inference]");
    const std::string filter = QueryValue(request.url, "filter");
    if (fields != "(absent)" && !takes_fields) return Answer(400);
    if (filter != "(absent)" && !takes_filters) return Answer(400);
    EXPECT_EQ(QueryValue(request.url, "sort"), "-id");
    Ids found(ids.rbegin(), ids.rend());
    if (filter != "(absent)" && !ignores_filters) found = Below(*MakeJson(filter), found);
    const std::string number = QueryValue(request.url, "page[number]");
    const std::string asked = QueryValue(request.url, "page[size]");
    const std::size_t wanted = asked == "(absent)" ? 3 : std::stoul(asked);
    if (wanted >= refused_page) return Answer(400);
    const std::size_t size = std::min(largest_page, wanted);
    const std::size_t first = number == "(absent)" ? 0 : (std::stoul(number) - 1) * size;
    std::string rows;
    Ids page;
    for (std::size_t i = first; i < std::min(found.size(), first + size); ++i)
      page.push_back(found[i]);
    if (!sorts) std::reverse(page.begin(), page.end());
    for (const std::int64_t id : page)
      rows += std::string(rows.empty() ? "" : ",") + R"({"type": "inference", "id": )" +
              std::to_string(id) + "}";
    const std::string meta =
        counts ? R"(, "meta": {"count": )" + std::to_string(found.size()) + "}" : "";
    return Answer(200, "{\"data\": [" + rows + "]" + meta + "}");
  }
};

class Pages : public testing::Test {
 protected:
  Pages() {
    transport_.AnswerBy([this](const Request& request) { return list_(request); });
  }

  void Fill(std::int64_t first, std::int64_t last) {
    for (std::int64_t id = first; id <= last; ++id) list_.ids.insert(id);
  }

  PageReader Reader(std::size_t page_size, const std::string& filter = "") {
    return PageReader(source_, {"inference", {"status"}, filter, page_size, 0});
  }

  static Ids IdsOf(const PagePtr& page) {
    Ids ids;
    for (const Row& row : page->rows) ids.push_back(row.id);
    return ids;
  }

  // All that is left to read.
  static Ids Drain(PageReader& reader) {
    Ids ids;
    for (int page = 0; page < 1000; ++page) {
      const auto next = reader.Next();
      EXPECT_EQ(MessageOf(next), "");
      if (!next || !*next) return ids;
      EXPECT_THAT((*next)->rows, Not(IsEmpty()));
      const Ids more = IdsOf(*next);
      ids.insert(ids.end(), more.begin(), more.end());
    }
    ADD_FAILURE() << "the list has no end";
    return ids;
  }

  static Ids Falling(std::int64_t last, std::int64_t first) {
    Ids ids;
    for (std::int64_t id = last; id >= first; --id) ids.push_back(id);
    return ids;
  }

  std::string Query(std::size_t request, const std::string& name) const {
    return QueryValue(transport_.requests().at(request).url, name);
  }

  FakeList list_;
  FakeTransport transport_;
  DocumentSource source_{transport_, MakeUrl("https://api.example/v1")};
};

TEST_F(Pages, ReadsAllRowsInOneRequestPerPage) {
  Fill(1, 10);
  PageReader reader = Reader(4);
  EXPECT_EQ(Drain(reader), Falling(10, 1));
  EXPECT_EQ(transport_.count(), 3U);
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

TEST_F(Pages, WithoutACountAShortPageIsTheLast) {
  Fill(1, 10);
  list_.counts = false;
  PageReader reader = Reader(4);
  EXPECT_EQ(Drain(reader), Falling(10, 1));
  EXPECT_EQ(reader.count(), std::nullopt);
  EXPECT_EQ(transport_.count(), 3U);
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
  EXPECT_EQ(Query(2, "page[number]"), "2");
}

TEST_F(Pages, AServerThatIgnoresFiltersIsReadByNumber) {
  Fill(1, 6);
  list_.ignores_filters = true;
  PageReader reader = Reader(3);
  EXPECT_EQ(Drain(reader), Falling(6, 1));
  EXPECT_EQ(transport_.count(), 3U);
}

TEST_F(Pages, AServerThatAlwaysGivesTheSamePageIsLeft) {
  transport_.AnswerBy([](const Request&) {
    return Answer(200, R"({"data": [{"type": "inference", "id": 2},
        {"type": "inference", "id": 1}], "meta": {"count": 1000000}})");
  });
  PageReader reader = Reader(2);
  EXPECT_THAT(Drain(reader), ElementsAre(2, 1));
  EXPECT_LE(transport_.count(), 5U);
}

TEST_F(Pages, APageIsSortedAndHasNoRowTwice) {
  Fill(1, 6);
  list_.sorts = false;
  PageReader reader = Reader(10);
  EXPECT_EQ(Drain(reader), Falling(6, 1));
  transport_.Then(Answer(200, R"({"data": [{"type": "inference", "id": "3"},
      {"type": "inference", "id": 3}, {"type": "inference", "id": 5}]})"));
  PageReader other = Reader(10);
  EXPECT_THAT(Drain(other), ElementsAre(5, 3));
}

TEST_F(Pages, RowsWithoutAnIdAreLeftOutWithAWarning) {
  const CapturedLog log;
  transport_.Then(Answer(200, R"({"data": [{"type": "inference", "id": 3}, null, 7,
      {"type": "inference", "id": -1}, {"type": "factbase", "id": 2}, {"id": 1}]})"));
  PageReader reader = Reader(10);
  EXPECT_THAT(Drain(reader), ElementsAre(3));
  EXPECT_THAT(log.Text(LogLevel::kWarning), HasSubstr("5 rows without a usable type and id"));
}

TEST_F(Pages, NothingIsAskedForAheadBeforeAWholePageWasRead) {
  Fill(1, 20);
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
  Fill(1, 20);
  {
    PageReader reader = Reader(5);
    ASSERT_TRUE(reader.Next());
    reader.Prefetch();
  }
  EXPECT_EQ(transport_.cancelled(), 1U);
}

TEST_F(Pages, ASecondReadingOfASmallListAsksForNothing) {
  Fill(1, 20);
  PageReader reader = Reader(5);
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  EXPECT_EQ(transport_.count(), 4U);
}

TEST_F(Pages, ASecondReadingBeginsInTheMiddleAsWell) {
  Fill(1, 20);
  PageReader reader = Reader(5);
  ASSERT_TRUE(reader.Next());
  ASSERT_TRUE(reader.Next());
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(20, 1));
  EXPECT_EQ(transport_.count(), 4U);
}

TEST_F(Pages, OfALargeListTheFirstPageIsKept) {
  const std::string area(5 << 20, 'x');
  transport_.AnswerBy([&](const Request& request) {
    const std::string filter = QueryValue(request.url, "filter");
    const std::int64_t below = filter == "(absent)" ? 5 : (*MakeJson(filter))[0]["val"].GetInt64();
    return Answer(200, R"({"data": [{"type": "inference", "id": )" + std::to_string(below - 1) +
                           R"(, "area": ")" + area + R"("}], "meta": {"count": )" +
                           std::to_string(below - 1) + "}}");
  });
  PageReader reader = Reader(1);
  EXPECT_EQ(Drain(reader), Falling(4, 1));
  reader.Rewind();
  EXPECT_EQ(Drain(reader), Falling(4, 1));
  EXPECT_EQ(transport_.count(), 7U);
}

TEST_F(Pages, ASmallPageBehindALargeOneIsNotKept) {
  transport_.AnswerBy([&](const Request& request) {
    const std::string filter = QueryValue(request.url, "filter");
    const std::int64_t below = filter == "(absent)" ? 4 : (*MakeJson(filter))[0]["val"].GetInt64();
    const std::string area(below == 3 ? 9 << 20 : 1, 'x');
    return Answer(200, R"({"data": [{"type": "inference", "id": )" + std::to_string(below - 1) +
                           R"(, "area": ")" + area + R"("}], "meta": {"count": )" +
                           std::to_string(below - 1) + "}}");
  });
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
  EXPECT_EQ(transport_.count(), 3U);
}

TEST_F(Pages, AnIndexBeyondTheEndIsNowhere) {
  Fill(1, 30);
  PageReader reader = Reader(10);
  EXPECT_EQ(*reader.Seek(30), std::nullopt);
  EXPECT_EQ(transport_.count(), 1U);
  list_.counts = false;
  PageReader uncounted = Reader(10);
  EXPECT_EQ(*uncounted.Seek(30), std::nullopt);
  PageReader empty(source_, {"inference", {}, R"([{"name":"id","op":"lt","val":1}])", 10, 0});
  EXPECT_EQ(*empty.Seek(0), std::nullopt);
}

TEST_F(Pages, AnIndexIsCountedOffWhereTheServerClipsItsPages) {
  Fill(1, 30);
  list_.largest_page = 4;
  PageReader reader = Reader(10);
  EXPECT_EQ(**reader.Seek(13), 1U);
  EXPECT_EQ(Drain(reader), Falling(18, 1));
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
    EXPECT_TRUE(source_.TakesFields());
  }
}

TEST_F(Pages, AServerThatRefusesThePageSizeIsReadInItsOwnAndThatIsRemembered) {
  Fill(1, 7);
  list_.refused_page = 50;
  PageReader reader = Reader(100, R"([{"name":"status"}])");
  EXPECT_EQ(Drain(reader), Falling(7, 1));
  EXPECT_TRUE(reader.filtered());
  EXPECT_TRUE(source_.TakesFields());
  const std::size_t requests = transport_.count();
  PageReader other = Reader(100);
  EXPECT_EQ(Drain(other), Falling(7, 1));
  EXPECT_EQ(transport_.count(), requests + 3);
}

TEST_F(Pages, AListThatIsRefusedInEveryFormIsAnErrorAndNothingIsRemembered) {
  transport_.AnswerBy([](const Request&) { return Answer(400); });
  PageReader reader = Reader(100, R"([{"name":"status"}])");
  EXPECT_EQ(ErrorOf(reader.Next()).http_status, 400);
  EXPECT_TRUE(source_.TakesFields());
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
