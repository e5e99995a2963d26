// SPDX-License-Identifier: MIT
#include "tests/unit/api/pages_fixture.h"

namespace s2c {
namespace {

using testing_support::Answer;

using testing_support::Pages;
using testing_support::QueryValue;

class PagesWithFactbases : public Pages {
 protected:
  PagesWithFactbases() { Fill(1, 7); }

  void RefuseInclude() {
    transport_.AnswerBy([this](const Request& request) {
      return QueryValue(request.url, "include") == "(absent)" ? list_(request) : Answer(400);
    });
  }

  PageReader WithFactbases() {
    ListQuery query{"inference", {"status", "factbase"}, "", 3, 0};
    query.with_factbases = true;
    return PageReader(source_, query);
  }
};

TEST_F(PagesWithFactbases, AskForThemWithEachPage) {
  PageReader reader = WithFactbases();
  EXPECT_EQ(Drain(reader), Falling(7, 1));
  for (std::size_t i = 0; i < transport_.requests().size(); ++i) {
    EXPECT_EQ(Query(i, "include"), "factbase");
    EXPECT_EQ(Query(i, "fields[factbase]"), "title,uri,sensor");
  }
}

TEST_F(PagesWithFactbases, DoWithoutWhereTheServerRefusesThemAndAskNoMore) {
  RefuseInclude();
  PageReader reader = WithFactbases();
  EXPECT_EQ(Drain(reader), Falling(7, 1));
  EXPECT_EQ(Query(0, "include"), "factbase");
  EXPECT_EQ(Query(1, "include"), "(absent)");
  EXPECT_EQ(Query(1, "fields[inference]"), "status,factbase");
  const std::size_t asked = transport_.requests().size();
  PageReader next = WithFactbases();
  EXPECT_EQ(Drain(next), Falling(7, 1));
  EXPECT_EQ(Query(asked, "include"), "(absent)");
}

TEST_F(PagesWithFactbases, AreAskedForAgainWhereSomethingElseWasRefused) {
  list_.takes_fields = false;
  PageReader reader = WithFactbases();
  EXPECT_EQ(Drain(reader), Falling(7, 1));
  EXPECT_TRUE(source_.takes_include());
}

TEST_F(PagesWithFactbases, AreNotAskedForOtherwise) {
  PageReader reader = Reader(3);
  Drain(reader);
  EXPECT_EQ(Query(0, "include"), "(absent)");
}

}  // namespace
}  // namespace s2c
