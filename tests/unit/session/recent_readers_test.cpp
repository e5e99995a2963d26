// SPDX-License-Identifier: MIT
#include "client/recent_readers.h"

#include <gtest/gtest.h>

#include "client/api/documents.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_transport.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::FakeClock;
using testing_support::FakeTransport;
using testing_support::MakeUrl;

class RecentReading : public testing::Test {
 protected:
  RecentReading() {
    query_.type = "inference";
    query_.limit = 2;
    transport_.AnswerBy([this](const Request&) -> Result<Response> {
      const std::string comment(comment_size_, 'x');
      return Answer(200,
                    R"({"data": [{"type": "inference", "id": "2", "attributes": {"comment": ")" +
                        comment +
                        R"("}}, {"type": "inference", "id": "1"}],)"
                        R"("meta": {"count": 2}})");
    });
  }

  // Reads the list to its end and hands it back.
  void Read() {
    RecentReaders::Reading reading = recent_.Take(query_);
    if (!reading.reader) reading.reader = std::make_unique<PageReader>(source_, query_);
    std::size_t rows = 0;
    for (auto page = reading.reader->Next(); page && *page; page = reading.reader->Next())
      rows += (*page)->rows.size();
    EXPECT_EQ(rows, 2U);
    recent_.Keep(std::move(reading));
  }

  FakeClock clock_;
  FakeTransport transport_;
  DocumentSource source_{transport_, MakeUrl("https://api.example/v1")};
  RecentReaders recent_{clock_};
  ListQuery query_;
  std::size_t comment_size_ = 1;
};

TEST_F(RecentReading, AsksForNothingForSomeSeconds) {
  Read();
  clock_.Advance(std::chrono::milliseconds(4900));
  Read();
  EXPECT_EQ(transport_.count(), 1U);
  clock_.Advance(std::chrono::milliseconds(100));
  Read();
  EXPECT_EQ(transport_.count(), 2U) << "its age is that of the first reading";
}

TEST_F(RecentReading, IsOfTheSameQueryAlone) {
  Read();
  query_.filter = R"([{"name":"id","op":"gt","val":0}])";
  Read();
  query_.limit = 0;
  Read();
  query_.page_size = 50;
  Read();
  query_.fields = {"status"};
  Read();
  EXPECT_EQ(transport_.count(), 5U);
}

TEST_F(RecentReading, IsOfTheLatestListsAlone) {
  const std::string filters[] = {"", R"([{"name":"id","op":"gt","val":0}])",
                                 R"([{"name":"id","op":"gt","val":-1}])"};
  for (const std::string& filter : filters) {
    query_.filter = filter;
    Read();
  }
  query_.filter = filters[1];
  Read();
  EXPECT_EQ(transport_.count(), 3U);
  query_.filter = filters[0];
  Read();
  EXPECT_EQ(transport_.count(), 4U);
}

TEST_F(RecentReading, IsLentToOneAtATime) {
  Read();
  const RecentReaders::Reading first = recent_.Take(query_);
  EXPECT_TRUE(first.reader);
  EXPECT_FALSE(recent_.Take(query_).reader);
}

TEST_F(RecentReading, OfALargeListIsNotKept) {
  comment_size_ = RecentReaders::kLargest;
  Read();
  EXPECT_FALSE(recent_.Take(query_).reader);
}

TEST_F(RecentReading, IsForgotten) {
  Read();
  recent_.Forget();
  EXPECT_FALSE(recent_.Take(query_).reader);
}

}  // namespace
}  // namespace s2c
