// SPDX-License-Identifier: MIT
// What retry.h spares servers that were found dead, and their users (issue 10).
#include "tests/unit/http/retry_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FixedRandom;
using testing_support::MessageOf;
using testing_support::Retry;

class RetryOfTheDead : public Retry {
 protected:
  // One more layer of a project.
  Result<Response> Open(const std::string& method = "GET") {
    FixedRandom random(1);
    RetryingTransport transport(inner_, {}, clock_, random, dead_servers_);
    return transport.Send(Ask(method));
  }
  void Refuse() {
    inner_.AnswerBy([](const Request&) { return Fail(ErrorKind::kUnreachable, "refused"); });
  }
};

TEST_F(RetryOfTheDead, RepeatsNoSilenceOfAServerThatHasNotAnsweredYet) {
  inner_.Then(Fail(ErrorKind::kSilent, "no answer"));
  EXPECT_EQ(ErrorOf(Open()).message, "no answer");
  EXPECT_EQ(inner_.count(), 1U);
  EXPECT_THAT(clock_.slept(), IsEmpty());
}

TEST_F(RetryOfTheDead, RepeatsTheSilenceOfAServerThatHasAnsweredLately) {
  inner_.Then(Answer(200));
  ASSERT_TRUE(Open());
  for (int silences = 0; silences < 3; ++silences)
    inner_.Then(Fail(ErrorKind::kSilent, "no answer"));
  inner_.Then(Answer(200));
  EXPECT_TRUE(Open());
  EXPECT_EQ(inner_.count(), 5U);
}

TEST_F(RetryOfTheDead, RepeatsSilenceNoLongerThanAMinuteAfterTheLastAnswer) {
  inner_.Then(Answer(200));
  ASSERT_TRUE(Open());
  // Each of them takes as long as TIMEOUT says by default.
  inner_.AnswerBy([&](const Request&) {
    clock_.Advance(std::chrono::seconds(30));
    return Fail(ErrorKind::kSilent, "no answer");
  });
  EXPECT_EQ(ErrorOf(Open()).message, "no answer");
  EXPECT_EQ(inner_.count(), 3U);
  EXPECT_THAT(ErrorOf(Open()).message, HasSubstr("as was found")) << "it is dead now";
}

TEST_F(RetryOfTheDead, NeverRepeatsTheSilenceAfterAPost) {
  inner_.Then(Answer(200)).Then(Fail(ErrorKind::kSilent, "no answer"));
  ASSERT_TRUE(Open());
  EXPECT_EQ(ErrorOf(Open("POST")).message, "no answer");
  EXPECT_EQ(inner_.count(), 2U);
}

TEST_F(RetryOfTheDead, NeverRepeatsADeletionInDoubtOfWhoWantsToLookFirst) {
  Request deletion = Ask("DELETE");
  deletion.repeats_in_doubt = 0;
  for (const ErrorKind kind : {ErrorKind::kProtocol, ErrorKind::kSilent}) {
    inner_.Then(Answer(200)).Then(Fail(kind, "no answer")).Then(Answer(404));
    ASSERT_TRUE(Open());
    const std::size_t before = inner_.count();
    EXPECT_EQ(MessageOf(Send(deletion)), "no answer");
    EXPECT_EQ(inner_.count(), before + 1);
    if (kind == ErrorKind::kProtocol) {
      EXPECT_EQ(Open()->status, 404) << "which nobody asked for";
    }
  }
}

TEST_F(RetryOfTheDead, SendsNothingToAServerThatWasSilentAMomentAgo) {
  inner_.Then(Fail(ErrorKind::kSilent, "no answer"));
  EXPECT_FALSE(Open());
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kUnreachable, HasSubstr("no answer, as was")));
  EXPECT_EQ(ErrorOf(Open("POST")).kind, ErrorKind::kUnreachable);
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(RetryOfTheDead, ARefusedConnectionIsRememberedOnceItsRepetitionsRanOut) {
  Refuse();
  EXPECT_EQ(ErrorOf(Open()).message, "refused");
  EXPECT_EQ(inner_.count(), 4U);
  for (int layer = 0; layer < 30; ++layer) EXPECT_FALSE(Open());
  EXPECT_EQ(inner_.count(), 4U);
}

TEST_F(RetryOfTheDead, LooksAgainOnceAndGoesOnAtOnceWhereTheServerIsBack) {
  Refuse();
  EXPECT_FALSE(Open());
  clock_.Advance(DeadServers::kShortest);
  EXPECT_EQ(ErrorOf(Open()).message, "refused");
  EXPECT_EQ(inner_.count(), 5U) << "without repetitions";
  clock_.Advance(DeadServers::kShortest);
  inner_.AnswerBy([](const Request&) { return Answer(200); });
  EXPECT_TRUE(Open());
  EXPECT_TRUE(Open());
  EXPECT_EQ(inner_.count(), 7U);
}

TEST_F(RetryOfTheDead, AServerThatAnswersBadlyLives) {
  inner_.AnswerBy([](const Request&) { return Answer(503); });
  for (int layer = 0; layer < 2; ++layer) EXPECT_EQ(Open()->status, 503);
  EXPECT_EQ(inner_.count(), 8U);
}

TEST_F(RetryOfTheDead, WhoSleepsBeforeARepetitionIsToldByOthers) {
  Refuse();
  clock_.Meanwhile([&] {
    DeadServers::Visit other{Ask().url.Origin()};
    if (dead_servers_->Enter(other)) dead_servers_->Failed(other, Error{ErrorKind::kSilent, "no"});
  });
  EXPECT_THAT(ErrorOf(Open()).message, HasSubstr("no, as was found"));
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(RetryOfTheDead, AProbeThatNobodyWantsAnyMoreIsNoHindrance) {
  Refuse();
  EXPECT_FALSE(Open());
  clock_.Advance(DeadServers::kShortest);
  FixedRandom random(1);
  RetryingTransport transport(inner_, {}, clock_, random, dead_servers_);
  inner_.AnswerBy([](const Request&) { return Answer(200); });
  transport.Start(Ask()).reset();
  EXPECT_TRUE(Open());
}

}  // namespace
}  // namespace s2c
