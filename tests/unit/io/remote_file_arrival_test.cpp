// SPDX-License-Identifier: MIT
// How remote_file.h's readers go on while an answer arrives.
#include <atomic>
#include <thread>

#include "client/http/retry.h"
#include "tests/unit/io/remote_file_fixture.h"
#include "tests/unit/support/fake_clock.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

using Arrival = RemoteFileTest;

TEST_F(Arrival, ABlockIsReadBeforeAllOfTheFileHasArrived) {
  Serve(kMiB);
  transport_.LetThrough(kBlock);
  EXPECT_EQ(MessageOf(file_->Prepare()), "");
  EXPECT_TRUE(ReadsRight(100, kBlock - 100));
  transport_.LetThrough(3 * kBlock + 1);
  EXPECT_TRUE(ReadsRight(kBlock, 2 * kBlock));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kMiB}));
}

TEST_F(Arrival, ABlockIsReadOnceAllOfItHasArrived) {
  Serve(kMiB);
  transport_.LetThrough(2 * kBlock - 1);
  ASSERT_TRUE(ReadsRight(0, 100));
  std::atomic<bool> right{false};
  std::thread reader([&] { right = ReadsRight(kBlock, 100); });
  transport_.AwaitWaiting(1);
  EXPECT_FALSE(right);
  transport_.LetThrough(2 * kBlock);
  reader.join();
  EXPECT_TRUE(right);
}

TEST_F(Arrival, AReadOfSeveralBlocksWaitsForTheLast) {
  Serve(kMiB);
  transport_.LetThrough(4 * kBlock);
  std::atomic<bool> right{false};
  std::thread reader([&] { right = ReadsRight(10, 5 * kBlock); });
  transport_.AwaitWaiting(1);
  EXPECT_FALSE(right);
  transport_.LetThrough(6 * kBlock);
  reader.join();
  EXPECT_TRUE(right);
}

TEST_F(Arrival, TheRestIsPutIntoTheCacheLater) {
  Serve(kMiB);
  transport_.LetThrough(kBlock);
  ASSERT_TRUE(ReadsRight(0, 100));
  file_->Settle();
  EXPECT_EQ(cache_.used(), 0U) << "not all of it is there";
  transport_.Release();
  EXPECT_EQ(cache_.used(), 0U);
  file_->Settle();
  EXPECT_EQ(cache_.used(), kMiB);
  EXPECT_TRUE(ReadsRight(0, kMiB));
  EXPECT_EQ(transport_.count(), 1U);
  EXPECT_EQ(transport_.cancelled(), 0U);
}

TEST_F(Arrival, AReadPutsIntoTheCacheWhatHasArrivedMeanwhile) {
  Serve(4 * kMiB);
  transport_.LetThrough(kBlock);
  ASSERT_TRUE(ReadsRight(0, 100));
  transport_.Release();
  ASSERT_TRUE(ReadsRight(2 * kMiB, 100));
  EXPECT_EQ(cache_.used(), kFirst + Body::kChunk);
}

TEST_F(Arrival, SettlingIsNothingWhereNothingIsOnItsWay) {
  Serve(kMiB);
  file_->Settle();
  EXPECT_EQ(transport_.count(), 0U);
  ASSERT_TRUE(ReadsRight(0, 100));
  const std::size_t used = cache_.used();
  file_->Settle();
  EXPECT_EQ(cache_.used(), used);
}

TEST_F(Arrival, AFileThatIsGoneCancelsWhatIsOnItsWay) {
  Serve(kMiB);
  transport_.LetThrough(kBlock);
  ASSERT_TRUE(ReadsRight(0, 100));
  file_.reset();
  EXPECT_EQ(transport_.cancelled(), 1U);
}

TEST_F(Arrival, AWrongHeadIsNoticedBeforeTheRestHasArrived) {
  Serve(kMiB);
  transport_.LetThrough(kBlock);
  transport_.Then(Answer(206, content_, {{"content-range", "bytes 1-1048575/1048576"}}));
  EXPECT_THAT(Read(0, 100), HasSubstr("other bytes"));
  EXPECT_EQ(transport_.cancelled(), 1U);
}

TEST_F(Arrival, ThreadsReadDifferentBlocksOfOneAnswerWhileItArrives) {
  Serve(kMiB);
  transport_.LetThrough(kBlock);
  ASSERT_TRUE(ReadsRight(0, 100));
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (std::uint64_t block = i; block < 64; block += 8)
        right += ReadsRight(block * kBlock, kBlock);
    });
  for (std::size_t bytes = 0; bytes <= 64 * kBlock; bytes += kBlock) transport_.LetThrough(bytes);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 64);
  // All have left with what they wanted, so the rest arrives while nobody waits for it.
  transport_.Release();
  EXPECT_EQ(cache_.used(), 0U);
  EXPECT_TRUE(ReadsRight(512, kMiB - 1024));
  EXPECT_EQ(transport_.count(), 1U);
  EXPECT_EQ(cache_.used(), kMiB);
}

TEST_F(Arrival, WhoeverMeetsTheEndOfAnAnswerAsksForNothingTwice) {
  for (int round = 0; round < 50; ++round) {
    Serve(kMiB);
    transport_.LetThrough(kBlock);
    const std::size_t before = transport_.count();
    ASSERT_EQ(MessageOf(file_->Prepare()), "");
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 4; ++i)
      threads.emplace_back([&, i] {
        // Each in its own order, so that some come while it ends, and some after.
        for (std::uint64_t n = 0; n < 256; n += 5)
          right += ReadsRight((n * (2 * i + 1) + 60 * i) % 256 * kBlock, kBlock);
      });
    for (std::size_t bytes = 0; bytes < kMiB; bytes += 100000) transport_.LetThrough(bytes);
    transport_.Release();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(right, 4 * 52);
    EXPECT_EQ(transport_.count(), before + 1) << round;
    file_->Settle();
    EXPECT_EQ(cache_.used(), kMiB);
    cache_.Clear();
  }
}

// With repetitions beneath, as a session has them.
class BrokenArrival : public RemoteFileTest {
 protected:
  void SetUp() override {
    Serve(kMiB);
    Headers headers = {{"etag", "\"v1\""}, {"content-range", ContentRangeText({0, kMiB}, kMiB)}};
    transport_.ThenBreakOff(Answer(206, content_, headers), 3 * kBlock,
                            Error{ErrorKind::kInterrupted, "broke off", 0});
    file_ = std::make_unique<RemoteFile>(retrying_, cache_, file_->version());
    transport_.LetThrough(2 * kBlock);
    ASSERT_TRUE(ReadsRight(0, 2 * kBlock));
    transport_.Release();
  }

  FakeClock clock_;
  FixedRandom random_{1};
  RetryingTransport retrying_{
      transport_, {}, clock_, random_, std::make_shared<DeadServers>(clock_)};
};

TEST_F(BrokenArrival, IsAskedForAgain) {
  EXPECT_TRUE(ReadsRight(0, kMiB));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kMiB}, ByteRange{0, kMiB}));
  EXPECT_EQ(cache_.used(), kMiB);
}

TEST_F(BrokenArrival, OfAnotherVersionTheSecondTimeIsAnError) {
  transport_.AnswerBy(FakeFile{content_, "\"v2\""});
  EXPECT_THAT(Read(4 * kBlock, 100), HasSubstr("changed on the server while it was read"));
  EXPECT_FALSE(file_->Serves(""));
}

TEST_F(BrokenArrival, EndsAfterSomeRepetitionsAsAnError) {
  transport_.AnswerBy([](const Request&) { return Fail(ErrorKind::kInterrupted, "again"); });
  EXPECT_THAT(Read(4 * kBlock, 100), HasSubstr("output 'x' of inference 1 cannot be read: again"));
  EXPECT_EQ(transport_.count(), 4U);
}

}  // namespace
}  // namespace s2c
