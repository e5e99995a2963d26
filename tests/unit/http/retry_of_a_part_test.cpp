// SPDX-License-Identifier: MIT
// An answer that breaks off after a part of it was given.
#include "tests/unit/http/retry_fixture.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::BodyOf;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FixedRandom;
using testing_support::Retry;

// An answer of ten bytes that breaks off after five.
class RetryOfAPart : public Retry {
 protected:
  void SetUp() override {
    BreakOff();
    Request request = Ask();
    request.range = ByteRange{0, 10};
    inner_.LetThrough(3);
    exchange_ = transport_.Start(request);
    const auto begun = exchange_->WaitFor(3);
    ASSERT_TRUE(begun);
    EXPECT_FALSE(begun->complete);
    EXPECT_EQ(BodyOf(*begun), "123");
    first_ = begun->part;
    inner_.Release();
  }
  void BreakOff() {
    inner_.ThenBreakOff(Answer(206, "1234567890"), 5,
                        Error{ErrorKind::kInterrupted, "broke off", 0});
  }

  FixedRandom random_{1};
  RetryingTransport transport_{inner_, {}, clock_, random_, dead_servers_};
  std::unique_ptr<Exchange> exchange_;
  std::shared_ptr<Body> first_;
};

TEST_F(RetryOfAPart, ThatBreaksOffIsANewAnswer) {
  inner_.Then(Answer(206, "1234567890"));
  const auto all = exchange_->WaitFor(8);
  ASSERT_TRUE(all);
  EXPECT_EQ(BodyOf(*all), "1234567890");
  EXPECT_NE(all->part, first_);
  EXPECT_EQ(inner_.count(), 2U);
  EXPECT_EQ(inner_.last().range, (ByteRange{0, 10}));
  EXPECT_EQ(first_->size(), 5U) << "what was handed out stays as it is";
}

TEST_F(RetryOfAPart, IsBoundedOverAllWaits) {
  // Each attempt brings some bytes, so that each wait has what it wants, and then breaks off.
  clock_.Meanwhile([&] { inner_.LetThrough(3); });
  bool has_begun = true;
  for (int waits = 0; has_begun && waits < 20; ++waits) {
    BreakOff();
    inner_.Release();
    has_begun = exchange_->WaitFor(3).has_value();
  }
  EXPECT_FALSE(has_begun);
  EXPECT_EQ(inner_.count(), 5U) << "the first attempt, three repetitions and a later wait's own";
}

// Its last attempt had the bytes that were wanted first, and broke off while nobody looked.
TEST_F(RetryOfAPart, ALaterWaitIsNotToldOfAnEarlierOnesLastAttemptAlone) {
  clock_.Meanwhile([&] { inner_.LetThrough(3); });
  for (int waits = 0; waits < 3; ++waits) {
    BreakOff();
    inner_.Release();
    ASSERT_TRUE(exchange_->WaitFor(3));
  }
  ASSERT_EQ(inner_.count(), 4U);
  clock_.Meanwhile([] {});
  inner_.Release();
  inner_.Then(Answer(206, "1234567890"));
  const auto all = exchange_->WaitFor(10);
  ASSERT_TRUE(all);
  EXPECT_EQ(BodyOf(*all), "1234567890");
}

TEST_F(RetryOfAPart, OfNoneIsNotRepeatedForALaterWaitEither) {
  RetryPolicy none;
  none.max_retry = 0;
  RetryingTransport transport(inner_, none, clock_, random_, dead_servers_);
  inner_.LetThrough(3);
  BreakOff();
  Request request = Ask();
  request.range = ByteRange{0, 10};
  const auto exchange = transport.Start(request);
  ASSERT_TRUE(exchange->WaitFor(3));
  inner_.Release();
  EXPECT_THAT(ErrorOf(exchange->WaitFor(10)), FailsWith(ErrorKind::kInterrupted, "broke off"));
}

}  // namespace
}  // namespace s2c
