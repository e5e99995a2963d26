// SPDX-License-Identifier: MIT
#include "tests/unit/http/retry_fixture.h"
#include "tests/unit/support/captured_log.h"

namespace s2c {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::Answer;
using testing_support::CapturedLog;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::FixedRandom;
using testing_support::Retry;

TEST_F(Retry, HandsAGoodAnswerOnAtOnce) {
  inner_.Then(Answer(200, "x"));
  const auto response = Send(Ask());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "x");
  EXPECT_EQ(inner_.count(), 1U);
  EXPECT_THAT(clock_.slept(), IsEmpty());
}

TEST_F(Retry, TellsEachAttempt) {
  const CapturedLog log;
  inner_.Then(Answer(503)).Then(Answer(201));
  EXPECT_TRUE(Send(Ask()));
  EXPECT_EQ(log.Text(LogLevel::kDebug),
            "GET https://a.example/x: 503\nGET https://a.example/x: 201\n");
}

TEST_F(Retry, TellsAnAnswerThatComesInPartsOnceAndWithoutItsQuery) {
  const CapturedLog log;
  inner_.Then(Answer(206, "abcd"));
  inner_.LetThrough(3);
  Request request = Ask();
  request.url = testing_support::MakeUrl("https://a.example:8443/x?Signature=secret");
  request.range = ByteRange{4, 4};
  FixedRandom random(0);
  RetryingTransport transport(inner_, {}, clock_, random, dead_servers_);
  const auto exchange = transport.Start(request);
  ASSERT_FALSE(exchange->WaitFor(3)->complete);
  inner_.Release();
  ASSERT_TRUE(exchange->Wait());
  EXPECT_EQ(log.Text(LogLevel::kDebug), "GET https://a.example:8443/x, bytes 4-7: 206\n");
}

TEST_F(Retry, TellsWhyNoAnswerCame) {
  const CapturedLog log;
  inner_.Then(Fail(ErrorKind::kSilent, "a.example does not answer"));
  EXPECT_FALSE(Send(Ask("POST")));
  EXPECT_EQ(log.Text(LogLevel::kDebug), "POST https://a.example/x: a.example does not answer\n");
}

TEST_F(Retry, RepeatsWhatARepetitionCanMend) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    FakeTransport inner;
    inner.Then(Answer(status)).Then(Answer(200));
    FixedRandom random(0);
    RetryingTransport transport(inner, {}, clock_, random, dead_servers_);
    EXPECT_EQ(transport.Send(Ask())->status, 200) << status;
    EXPECT_EQ(inner.count(), 2U) << status;
  }
}

TEST_F(Retry, RepeatsAnAnswerThatIsFlawedAndGivesTheLastAsItIs) {
  Request request = Ask();
  request.is_flawed = [](const Response& response) { return response.body.empty(); };
  inner_.Then(Answer(200)).Then(Answer(200)).Then(Answer(200, "whole"));
  EXPECT_EQ(Send(request)->body, "whole");
  EXPECT_EQ(inner_.count(), 3U);
  EXPECT_THAT(clock_.slept(), ElementsAre(DoubleNear(0.5, 1e-6), DoubleNear(1, 1e-6)));
  FakeTransport never;
  for (int i = 0; i < 4; ++i) never.Then(Answer(200));
  FixedRandom random(0);
  RetryingTransport transport(never, {}, clock_, random, dead_servers_);
  EXPECT_EQ(transport.Send(request)->status, 200);
  EXPECT_EQ(never.count(), 4U);
}

TEST_F(Retry, RepeatsNoFlawedAnswerToWhatMayHaveBeenDone) {
  Request request = Ask("POST");
  request.is_flawed = [](const Response&) { return true; };
  inner_.Then(Answer(200));
  EXPECT_TRUE(Send(request));
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(Retry, RepeatsWhatCannotBeTakenUnlessItIsAWholeFile) {
  inner_.Then(Fail(ErrorKind::kProtocol, "too long a part", 206)).Then(Answer(206, "x"));
  EXPECT_TRUE(Send(Ask()));
  inner_.Then(Fail(ErrorKind::kProtocol, "too long a file", 200));
  EXPECT_EQ(ErrorOf(Send(Ask())).message, "too long a file");
  EXPECT_EQ(inner_.count(), 3U);
}

TEST_F(Retry, RepeatsNoAnswerThatIsFinal) {
  Request request = Ask();
  request.is_final = [](const Response& response) { return response.body == "final"; };
  inner_.Then(Answer(500, "lost")).Then(Answer(500, "final"));
  EXPECT_EQ(Send(request)->body, "final");
  EXPECT_EQ(inner_.count(), 2U);
}

TEST_F(Retry, RepeatsNoOtherStatus) {
  for (const int status :
       {200, 204, 206, 301, 304, 400, 401, 403, 404, 405, 409, 410, 415, 416, 422, 501, 505, 507}) {
    FakeTransport inner;
    inner.Then(Answer(status));
    FixedRandom random(0);
    RetryingTransport transport(inner, {}, clock_, random, dead_servers_);
    EXPECT_EQ(transport.Send(Ask())->status, status);
    EXPECT_EQ(inner.count(), 1U) << status;
  }
}

TEST_F(Retry, RepeatsWithoutAConnectionAndAfterABrokenOne) {
  for (const ErrorKind kind : {ErrorKind::kUnreachable, ErrorKind::kInterrupted}) {
    FakeTransport inner;
    inner.Then(Fail(kind, "x")).Then(Answer(200));
    FixedRandom random(0);
    RetryingTransport transport(inner, {}, clock_, random, dead_servers_);
    EXPECT_TRUE(transport.Send(Ask()));
    EXPECT_EQ(inner.count(), 2U);
  }
}

TEST_F(Retry, RepeatsNoOtherError) {
  for (const ErrorKind kind :
       {ErrorKind::kInvalidInput, ErrorKind::kCredentials, ErrorKind::kServer}) {
    FakeTransport inner;
    inner.Then(Fail(kind, "x"));
    FixedRandom random(0);
    RetryingTransport transport(inner, {}, clock_, random, dead_servers_);
    EXPECT_EQ(transport.Send(Ask()).error().kind, kind);
    EXPECT_EQ(inner.count(), 1U);
  }
}

TEST_F(Retry, RepeatsAPostThatDidNotLeave) {
  inner_.Then(Fail(ErrorKind::kUnreachable, "x")).Then(Answer(201));
  EXPECT_EQ(Send(Ask("POST"))->status, 201);
  EXPECT_EQ(inner_.count(), 2U);
}

TEST_F(Retry, NeverRepeatsAPostThatMayHaveArrived) {
  // A second POST would start a second inference.
  inner_.Then(Fail(ErrorKind::kInterrupted, "x"));
  EXPECT_FALSE(Send(Ask("POST")));
  EXPECT_EQ(inner_.count(), 1U);
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    inner_.Then(Answer(status, "", {{"retry-after", "1"}}));
    const std::size_t before = inner_.count();
    EXPECT_EQ(Send(Ask("POST"))->status, status);
    EXPECT_EQ(inner_.count(), before + 1) << status;
  }
  EXPECT_THAT(clock_.slept(), IsEmpty());
}

// As of a token endpoint: what was certainly not done is asked for again as anything else is.
TEST_F(Retry, RepeatsAPostThatSaysSoWhereNothingWasDone) {
  Request request = Ask("POST");
  request.repeats_in_doubt = 0;
  for (const int status : {408, 429, 503}) {
    inner_.Then(Answer(status, "", {{"retry-after", "7"}}))
        .Then(Fail(ErrorKind::kUnreachable, "x"))
        .Then(Answer(200));
    EXPECT_EQ(Send(request)->status, 200) << status;
  }
  EXPECT_EQ(inner_.count(), 9U);
  EXPECT_THAT(clock_.slept(), ElementsAre(7, 1, 7, 1, 7, 1));
}

TEST_F(Retry, RepeatsAPostInDoubtAsOftenAsItSays) {
  for (const int repeats : {0, 1, 2}) {
    Request request = Ask("POST");
    request.repeats_in_doubt = repeats;
    const std::size_t before = inner_.count();
    int sent = 0;
    inner_.AnswerBy([&sent](const Request&) -> Result<Response> {
      if (++sent % 3 == 0) return Fail(ErrorKind::kInterrupted, "x");
      return Answer(sent % 3 == 1 ? 502 : 504);
    });
    const auto result = Send(request);
    EXPECT_TRUE(!result || result->status > 500);
    EXPECT_EQ(inner_.count() - before, 1U + static_cast<std::size_t>(repeats));
  }
}

TEST_F(Retry, RepeatsNoOtherAnswerToAPostThatSaysSo) {
  for (const int status : {200, 302, 400, 401, 403, 404, 500, 501}) {
    Request request = Ask("POST");
    request.repeats_in_doubt = 3;
    const std::size_t before = inner_.count();
    inner_.Then(Answer(status));
    EXPECT_EQ(Send(request)->status, status);
    EXPECT_EQ(inner_.count(), before + 1) << status;
  }
}

TEST_F(Retry, RepeatsDelete) {
  inner_.Then(Fail(ErrorKind::kInterrupted, "x")).Then(Answer(503)).Then(Answer(200));
  EXPECT_EQ(Send(Ask("DELETE"))->status, 200);
  EXPECT_EQ(inner_.count(), 3U);
}

// A PATCH of the status starts an inference: repeated, it may start it twice.
TEST_F(Retry, DoesNotRepeatAPatchThatMayHaveArrived) {
  inner_.Then(Answer(503));
  EXPECT_EQ(Send(Ask("PATCH"))->status, 503);
  inner_.Then(Fail(ErrorKind::kInterrupted, "x"));
  EXPECT_FALSE(Send(Ask("PATCH")));
  EXPECT_EQ(inner_.count(), 2U);
}

TEST_F(Retry, SendsTheSameRequestAgain) {
  inner_.Then(Answer(503)).Then(Answer(200));
  Request request = Ask("DELETE");
  request.headers = {{"Accept", "x/y"}};
  request.range = ByteRange{5, 6};
  ASSERT_TRUE(Send(request));
  ASSERT_EQ(inner_.count(), 2U);
  const Request again = inner_.last();
  EXPECT_EQ(again.method, "DELETE");
  EXPECT_EQ(again.url.ToString(), "https://a.example/x");
  EXPECT_EQ(again.body, "body");
  EXPECT_EQ(again.headers, request.headers);
  EXPECT_EQ(again.range, request.range);
}

TEST_F(Retry, WaitsTwiceAsLongEachTime) {
  inner_.AnswerBy([](const Request&) { return Answer(503); });
  EXPECT_EQ(Send(Ask(), {4, 0.5})->status, 503);
  EXPECT_EQ(inner_.count(), 5U);
  EXPECT_THAT(clock_.slept(), ElementsAre(0.5, 1.0, 2.0, 4.0));
}

TEST_F(Retry, WaitsAtLeastHalfTheStepWhateverTheJitter) {
  inner_.AnswerBy([](const Request&) { return Answer(503); });
  static_cast<void>(Send(Ask(), {3, 1.0}, 0.0));
  EXPECT_THAT(clock_.slept(), ElementsAre(0.5, 1.0, 2.0));
}

TEST_F(Retry, SpreadsClientsThatFailedTogether) {
  inner_.AnswerBy([](const Request&) { return Answer(503); });
  static_cast<void>(Send(Ask(), {1, 1.0}, 0.2));
  static_cast<void>(Send(Ask(), {1, 1.0}, 0.8));
  EXPECT_THAT(clock_.slept(), ElementsAre(DoubleNear(0.6, 1e-6), DoubleNear(0.9, 1e-6)));
}

TEST_F(Retry, WaitsNeverLongerThanTheLongestDelay) {
  inner_.AnswerBy([](const Request&) { return Answer(503); });
  RetryPolicy policy{50, 1.0};
  policy.longest_delay = std::chrono::seconds(3);
  policy.longest_total = std::chrono::hours(10);
  static_cast<void>(Send(Ask(), policy));
  EXPECT_EQ(inner_.count(), 51U);
  const auto slept = clock_.slept();
  ASSERT_THAT(slept, SizeIs(50));
  EXPECT_THAT(std::vector<double>(slept.begin() + 2, slept.end()), Each(3.0));
}

TEST_F(Retry, HonoursRetryAfter) {
  inner_.Then(Answer(429, "", {{"retry-after", "7"}})).Then(Answer(200));
  EXPECT_EQ(Send(Ask())->status, 200);
  EXPECT_THAT(clock_.slept(), ElementsAre(7.0));
}

TEST_F(Retry, TakesRetryAfterAsTheLeastOnly) {
  inner_.Then(Answer(503, "", {{"retry-after", "0"}})).Then(Answer(200));
  EXPECT_EQ(Send(Ask())->status, 200);
  EXPECT_THAT(clock_.slept(), ElementsAre(0.5));
}

TEST_F(Retry, CapsRetryAfter) {
  for (const char* value : {"86400", "18446744073709551615"}) {
    inner_.Then(Answer(503, "", {{"retry-after", value}})).Then(Answer(200));
    EXPECT_EQ(Send(Ask())->status, 200);
  }
  EXPECT_THAT(clock_.slept(), ElementsAre(30.0, 30.0));
}

TEST_F(Retry, IgnoresARetryAfterThatIsNeitherSecondsNorADate) {
  for (const char* value : {"-5", "soon", "99999999999999999999", "2099-01-01", ""}) {
    inner_.Then(Answer(503, "", {{"retry-after", value}})).Then(Answer(200));
    EXPECT_EQ(Send(Ask())->status, 200);
  }
  EXPECT_THAT(clock_.slept(), SizeIs(5));
  EXPECT_THAT(clock_.slept(), Each(0.5));
}

constexpr double kHalfPastThree = 1627226999.5;  ///< half a second before it, of that Sunday

TEST_F(Retry, HonoursADateOfRetryAfter) {
  for (const char* value : {"Sun, 25 Jul 2021 15:30:07 GMT", "Sunday, 25-Jul-21 15:30:07 GMT",
                            "Sun Jul 25 15:30:07 2021"}) {
    clock_.SetEpoch(kHalfPastThree);
    inner_.Then(Answer(503, "", {{"retry-after", value}})).Then(Answer(200));
    EXPECT_EQ(Send(Ask())->status, 200);
  }
  EXPECT_THAT(clock_.slept(), ElementsAre(7.5, 7.5, 7.5));
}

TEST_F(Retry, CountsToADateFromTheAnswersOwn) {
  clock_.SetEpoch(kHalfPastThree + 3600);
  const char* until = "Sun, 25 Jul 2021 15:30:07 GMT";
  for (const char* date : {"Sun, 25 Jul 2021 15:29:57 GMT", "in the afternoon"}) {
    inner_.Then(Answer(429, "", {{"retry-after", until}, {"date", date}})).Then(Answer(200));
    EXPECT_EQ(Send(Ask())->status, 200);
  }
  EXPECT_THAT(clock_.slept(), ElementsAre(10.0, 0.5));
}

TEST_F(Retry, BoundsADateOfRetryAfterOnBothSides) {
  clock_.SetEpoch(kHalfPastThree);
  for (const char* value : {"Sun, 25 Jul 2021 15:29:00 GMT", "Mon, 26 Jul 2021 00:00:00 GMT",
                            "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    inner_.Then(Answer(503, "", {{"retry-after", value}})).Then(Answer(200));
    EXPECT_EQ(Send(Ask())->status, 200);
  }
  EXPECT_THAT(clock_.slept(), ElementsAre(0.5, 30.0, 0.5, 30.0));
}

TEST_F(Retry, EndsWhenTheTotalTimeIsUp) {
  inner_.AnswerBy([](const Request&) { return Answer(503, "", {{"retry-after", "30"}}); });
  EXPECT_EQ(Send(Ask(), {100, 0.5})->status, 503);
  // Four times 30 s are the 120 s; a fifth would end beyond them.
  EXPECT_THAT(clock_.slept(), ElementsAre(30.0, 30.0, 30.0, 30.0));
}

TEST_F(Retry, CountsTheTimeOfTheAttemptsThemselves) {
  inner_.AnswerBy([&](const Request&) -> Result<Response> {
    clock_.Advance(std::chrono::seconds(70));
    return Fail(ErrorKind::kInterrupted, "timed out");
  });
  FixedRandom random(1);
  RetryingTransport transport(inner_, {}, clock_, random, dead_servers_);
  EXPECT_FALSE(transport.Send(Ask()));
  EXPECT_EQ(inner_.count(), 3U) << "the first begins before the wait, two more fit into 120 s";
}

TEST_F(Retry, OfNoneSendsOnce) {
  inner_.Then(Answer(503)).Then(Fail(ErrorKind::kUnreachable, "x"));
  EXPECT_EQ(Send(Ask(), {0, 0.5})->status, 503);
  EXPECT_FALSE(Send(Ask(), {0, 0.5}));
  EXPECT_EQ(inner_.count(), 2U);
  EXPECT_THAT(clock_.slept(), IsEmpty());
}

TEST_F(Retry, HandsOnTheLastFailure) {
  inner_.Then(Answer(503)).Then(Answer(500)).Then(Fail(ErrorKind::kUnreachable, "gone"));
  EXPECT_EQ(testing_support::ErrorOf(Send(Ask(), {2, 0.5})).message, "gone");
}

TEST_F(Retry, SpendsNothingOnAnAnswerThatNobodyWants) {
  inner_.Then(Answer(503));
  FixedRandom random(1);
  RetryingTransport transport(inner_, {}, clock_, random, dead_servers_);
  transport.Start(Ask()).reset();
  EXPECT_EQ(inner_.count(), 1U);
  EXPECT_EQ(inner_.cancelled(), 1U);
  EXPECT_THAT(clock_.slept(), IsEmpty());
}

}  // namespace
}  // namespace s2c
