// SPDX-License-Identifier: MIT
#include "client/jobs/run_start.h"

#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kPost = "POST /v1/inference";
constexpr const char* kList = "GET /v1/inference";

class RunStart : public ServiceTest {
 protected:
  RunStart() {
    request_.document = "{}";
    request_.mark = "gdal_S2C 0123";
    request_.owner = "demo";
  }
  static std::string WithArea(const std::string& id, const std::string& area) {
    return Resource("inference", id, R"({"area_of_interest": )" + JsonText(area) + "}");
  }
  Result<std::int64_t> Start() { return StartRun(session(), request_, clock_); }

  RunRequest request_;
};

TEST_F(RunStart, GivesTheIdOfWhatWasCreated) {
  When(kPost, Document(WithArea("7", "x"), 201));
  EXPECT_EQ(*Start(), 7);
  EXPECT_THAT(Requests(), ElementsAre(kPost));
}

TEST_F(RunStart, WhereTheAnswerIsLostTheListIsLookedAtBeforeItIsSentAgain) {
  When(kPost, Lost());
  When(kList, List(WithArea("9", "another's") + "," +
                   WithArea("8", R"({"name":"gdal_S2C 0123","features":[]})")));
  EXPECT_EQ(*Start(), 8);
  EXPECT_THAT(Requests(), ElementsAre(kPost, kList));
  EXPECT_THAT(Last(kList).query, HasSubstr("demo"));
  EXPECT_EQ(clock_.slept().size(), 1U);
}

TEST_F(RunStart, WhatDidNotArriveIsSentAgain) {
  When(kPost, Lost());
  Then(kPost, Document(WithArea("7", "x"), 201));
  When(kList, List(""));
  EXPECT_EQ(*Start(), 7);
  EXPECT_EQ(Count(kPost), 2U);
}

TEST_F(RunStart, TriesNoMoreOftenThanMaxRetrySays) {
  When(kPost, Lost());
  When(kList, List(""));
  EXPECT_THAT(ErrorOf(Start()), FailsWith(ErrorKind::kInterrupted, HasSubstr("before it is run")));
  EXPECT_EQ(Count(kPost), 3U);
}

TEST_F(RunStart, WhereTheListCannotBeSeenNothingIsSentAgain) {
  When(kPost, Lost());
  When(kList, HttpAnswer(403, "no"));
  EXPECT_THAT(ErrorOf(Start()), FailsWith(ErrorKind::kInterrupted, HasSubstr("is not known")));
  EXPECT_EQ(Count(kPost), 1U);
}

TEST_F(RunStart, AProxyThatGaveUpMayStillHaveHandedItOn) {
  When(kPost, HttpAnswer(504, "late"));
  When(kList, List(""));
  EXPECT_THAT(ErrorOf(Start()), FailsWith(ErrorKind::kServer, HasSubstr("may still be created")));
  EXPECT_EQ(Count(kPost), 1U);
}

TEST_F(RunStart, AServerThatFailedMayHaveCreatedItAllTheSame) {
  When(kPost, HttpAnswer(500, R"({"errors": [{"title": "Unknown error"}]})"));
  When(kList, List(WithArea("8", "gdal_S2C 0123")));
  EXPECT_EQ(*Start(), 8);
  When(kList, List(""));
  EXPECT_THAT(ErrorOf(Start()), FailsWith(ErrorKind::kServer, AllOf(HasSubstr("Unknown error"),
                                                                    Not(HasSubstr("may still")))));
  EXPECT_EQ(Count(kPost), 2U);
}

TEST_F(RunStart, WhatTheServerRefusesIsNotLookedFor) {
  When(kPost, HttpAnswer(422, R"({"errors": [{"detail": "no", "source":
                                {"pointer": "/data/attributes/owner"}}]})"));
  EXPECT_THAT(ErrorOf(Start()), FailsWith(ErrorKind::kInvalidInput, HasSubstr("owner: no")));
  EXPECT_THAT(Requests(), ElementsAre(kPost));
}

TEST(StartedSentence, SaysHowToGetAtTheResults) {
  EXPECT_THAT(StartedSentence(7), AllOf(HasSubstr("inference 7 "), HasSubstr("S2C:7 "),
                                        HasSubstr("`s2c wait 7`"), HasSubstr("WAIT=YES")));
}

}  // namespace
}  // namespace s2c
