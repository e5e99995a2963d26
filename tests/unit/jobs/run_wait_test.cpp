// SPDX-License-Identifier: MIT
#include "client/jobs/run_wait.h"

#include <atomic>

#include "client/http/curl_transport.h"
#include "tests/unit/jobs/service_fixture.h"
#include "tests/unit/support/fake_transport.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Le;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kGet = "GET /v1/inference/7";

class RunWait : public ServiceTest {
 protected:
  // libcrypto keeps something for the thread that libcurl is first used in. Were that a look's,
  // which may be at its end when the program is, LeakSanitizer would take it for lost.
  RunWait() {
    Request request;
    request.url = MakeUrl("http://127.0.0.1:1/");
    CurlTransport(ConnectionSettings{}).Start(request);
  }

  Result<WaitResult> Wait(const ProgressReport& report = nullptr) {
    return WaitForRun(session_, 7, policy_, report, clock_);
  }

  WaitPolicy policy_;
};

TEST_F(RunWait, EndsWithTheRun) {
  When(kGet, Document(Inference("7", "CREATED")));
  Then(kGet, Document(Inference("7", "STARTED")));
  Then(kGet, Document(Inference("7", "SUCCEEDED")));
  std::vector<std::string> states;
  std::vector<double> shares;
  const auto waited = Wait([&](const RunProgress& progress) {
    if (states.empty() || states.back() != progress.status) states.push_back(progress.status);
    shares.push_back(progress.share);
    return true;
  });
  ASSERT_EQ(MessageOf(waited), "");
  EXPECT_EQ(waited->end, RunEnd::kSucceeded);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_THAT(shares, Each(Le(1)));
  EXPECT_EQ(shares.back(), 1);
  EXPECT_EQ(states.back(), "SUCCEEDED");
}

TEST_F(RunWait, EachStateOfARunBeginsWithItsShare) {
  When(kGet, Document(Inference("7", "CREATED")));
  for (const char* state : {"SCHEDULED", "STARTED", "SUCCEEDED"})
    Then(kGet, Document(Inference("7", state)));
  std::map<std::string, double> shares;
  ASSERT_EQ(MessageOf(Wait([&](const RunProgress& progress) {
              shares.emplace(progress.status, progress.share);
              return true;
            })),
            "");
  EXPECT_EQ(shares.at("CREATED"), 0);
  EXPECT_DOUBLE_EQ(shares.at("SCHEDULED"), 0.05);
  EXPECT_DOUBLE_EQ(shares.at("STARTED"), 0.1);
  EXPECT_EQ(shares.at("SUCCEEDED"), 1);
}

TEST_F(RunWait, AFailureComesWithItsMessageAndWhatToDo) {
  When(kGet, Document(Inference("7", "FAILED", "zero-size array to reduction operation")));
  const auto waited = Wait();
  ASSERT_EQ(MessageOf(waited), "");
  EXPECT_EQ(waited->end, RunEnd::kFailed);
  EXPECT_THAT(waited->error.message,
              AllOf(HasSubstr("FAILED"), HasSubstr("zero-size"), HasSubstr("choose an area")));
}

TEST_F(RunWait, AnAbortEndsIt) {
  When(kGet, Document(Inference("7", "ABORTED", "The inference was aborted.")));
  EXPECT_EQ(Wait()->end, RunEnd::kAborted);
}

TEST_F(RunWait, LooksEverLessOftenAndSoonAgainAfterAChange) {
  policy_.poll_interval = 10;
  std::vector<double> times;
  std::atomic<int> count{0};
  WhenAsked(kGet, [&](const Asked&) {
    times.push_back(std::chrono::duration<double>(clock_.Now().time_since_epoch()).count());
    const int n = ++count;
    return Document(Inference("7", n < 10 ? "CREATED" : n < 12 ? "STARTED" : "SUCCEEDED"));
  });
  ASSERT_EQ(MessageOf(Wait()), "");
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
  ASSERT_EQ(gaps.size(), 11U);
  EXPECT_NEAR(gaps[0], 1, 0.01);
  EXPECT_NEAR(gaps[1], 1.5, 0.01);
  EXPECT_NEAR(gaps[7], 10, 0.01);
  EXPECT_NEAR(gaps[9], 1, 0.01);
}

TEST_F(RunWait, TroubleOnTheWayIsMended) {
  When(kGet, Lost());
  Then(kGet, Lost());
  Then(kGet, Lost());
  Then(kGet, HttpAnswer(502, "x"));
  Then(kGet, HttpAnswer(502, "x"));
  Then(kGet, HttpAnswer(502, "x"));
  Then(kGet, HttpAnswer(200, "no JSON"));
  Then(kGet, Document(Inference("7", "SUCCEEDED")));
  bool was_told = false;
  const auto waited = Wait([&](const RunProgress& progress) {
    was_told = was_told || !progress.trouble.empty();
    return true;
  });
  ASSERT_EQ(MessageOf(waited), "");
  EXPECT_EQ(waited->end, RunEnd::kSucceeded);
  EXPECT_TRUE(was_told);
}

TEST_F(RunWait, WhatWaitingDoesNotMendIsAnError) {
  When(kGet, HttpAnswer(200, R"({"data": null})"));
  EXPECT_THAT(ErrorOf(Wait()), FailsWith(ErrorKind::kNotFound, HasSubstr("no inference 7")));
  When(kGet, HttpAnswer(401, ""));
  EXPECT_EQ(ErrorOf(Wait()).kind, ErrorKind::kCredentials);
}

TEST_F(RunWait, IsGivenUpAfterItsTimeAndSaysHowToGoOn) {
  When(kGet, Document(Inference("7", "STARTED")));
  policy_.timeout = 60;
  const auto waited = Wait();
  ASSERT_EQ(MessageOf(waited), "");
  EXPECT_EQ(waited->end, RunEnd::kTimedOut);
  EXPECT_THAT(waited->error.message,
              AllOf(HasSubstr("STARTED"), HasSubstr("WAIT_TIMEOUT"), HasSubstr("s2c wait 7")));
}

TEST_F(RunWait, EndsAtOnceWhenItIsCancelledThoughNoAnswerComes) {
  WhenAsked(kGet, [](const Asked&) { return std::string(HttpServer::kPause); });
  const auto begun = std::chrono::steady_clock::now();
  int asked = 0;
  const auto waited = Wait([&](const RunProgress&) { return ++asked < 3; });
  ASSERT_EQ(MessageOf(waited), "");
  EXPECT_EQ(waited->end, RunEnd::kCancelled);
  EXPECT_THAT(waited->error.message, HasSubstr("s2c wait 7"));
  // The request itself would go on for ever.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace s2c
