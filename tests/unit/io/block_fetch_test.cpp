// SPDX-License-Identifier: MIT
#include "client/io/block_fetch.h"

#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;

constexpr std::size_t kBlock = kBlockSize;

// Gives these answers one after the other, whatever is waited for.
class Scripted final : public Exchange {
 public:
  explicit Scripted(std::deque<Result<Response>> answers) : answers_(std::move(answers)) {}
  Result<Response> WaitFor(std::size_t) override {
    if (answers_.empty()) return Fail(ErrorKind::kServer, "a wait too many");
    Result<Response> answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

 private:
  std::deque<Result<Response>> answers_;
};

// Of blocks 5 to 8, the last of which is short.
class Fetch : public testing::Test {
 protected:
  std::unique_ptr<Exchange> Start() {
    Request request;
    request.url = MakeUrl("https://a.example/x");
    request.range = ByteRange{5 * kBlock, bytes_.size()};
    return transport_.Start(std::move(request));
  }
  void Begin() {
    transport_.Then(Answer(206, bytes_));
    fetch_.Begin(Start());
  }

  // Takes an answer's part for the blocks, and counts how often it is asked to.
  Result<BlockRun> Take(const Result<Response>& answer) {
    ++taken_;
    if (!answer) return Pass(answer);
    return BlockRun{fetch_.first(), bytes_.size(), answer->part};
  }

  Result<BlockRun> Wait(std::uint64_t block = 8) {
    return fetch_.WaitFor(block, [this](const Result<Response>& answer) { return Take(answer); });
  }

  bool IsRight(const Result<BlockRun>& run, std::uint64_t block) const {
    const Block got = run ? run->Get(block) : Block();
    return got && std::string(got.data(), got.size) == bytes_.substr((block - 5) * kBlock, kBlock);
  }

  // What has arrived of an answer that is still on its way.
  Response Arriving(const std::shared_ptr<Body>& body) const {
    Response response = Answer(206);
    response.part = body;
    response.complete = false;
    return response;
  }
  std::shared_ptr<Body> BodyWith(std::size_t size) const {
    auto body = std::make_shared<Body>(bytes_.size());
    EXPECT_TRUE(body->Append(bytes_.data(), size));
    return body;
  }

  const std::string bytes_ = Pattern(3 * kBlock + 100);
  FakeTransport transport_;
  BlockFetch fetch_{5, 4};
  std::atomic<int> taken_{0};
};

TEST_F(Fetch, KnowsItsBlocks) {
  EXPECT_EQ(fetch_.first(), 5U);
  EXPECT_EQ(fetch_.count(), 4U);
  EXPECT_FALSE(fetch_.IsDone());
  EXPECT_FALSE(fetch_.Whole());
}

TEST_F(Fetch, GivesTheBlocksOfTheAnswer) {
  Begin();
  const auto run = Wait();
  for (std::uint64_t block = 5; block < 9; ++block) EXPECT_TRUE(IsRight(run, block)) << block;
  EXPECT_TRUE(fetch_.IsDone());
  ASSERT_TRUE(fetch_.Whole());
  EXPECT_EQ(fetch_.Whole()->body, run->body);
  EXPECT_EQ(transport_.cancelled(), 0U);
}

TEST_F(Fetch, TheSecondWaiterGetsTheFirstsResult) {
  Begin();
  const auto first = Wait();
  const auto second = Wait(6);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->body, second->body) << "the same bytes, not a copy";
  EXPECT_EQ(taken_, 1);
}

TEST_F(Fetch, TheSecondWaiterGetsTheFirstsFailure) {
  transport_.Then(Fail(ErrorKind::kInterrupted, "broke off"));
  fetch_.Begin(Start());
  EXPECT_EQ(ErrorOf(Wait()).message, "broke off");
  EXPECT_EQ(ErrorOf(Wait(5)).message, "broke off");
  EXPECT_EQ(taken_, 1);
  EXPECT_TRUE(fetch_.IsDone());
  EXPECT_FALSE(fetch_.Whole());
}

TEST_F(Fetch, AWaiterGoesOnAsSoonAsItsBlockIsThere) {
  transport_.LetThrough(kBlock);
  Begin();
  const auto run = Wait(5);
  EXPECT_TRUE(IsRight(run, 5));
  EXPECT_FALSE(IsRight(run, 6));
  EXPECT_FALSE(fetch_.IsDone());
  EXPECT_FALSE(fetch_.Whole());
  transport_.LetThrough(3 * kBlock);
  EXPECT_TRUE(IsRight(Wait(6), 6));
  EXPECT_TRUE(IsRight(Wait(7), 7));
  EXPECT_EQ(taken_, 1) << "what is known already costs no look at the answer";
}

TEST_F(Fetch, TheRestArrivesWithoutAnybodyWhoWaits) {
  transport_.LetThrough(kBlock);
  Begin();
  ASSERT_TRUE(IsRight(Wait(5), 5));
  transport_.Release();
  EXPECT_TRUE(fetch_.IsDone());
  ASSERT_TRUE(fetch_.Whole());
  EXPECT_TRUE(IsRight(*fetch_.Whole(), 8));
  EXPECT_TRUE(IsRight(Wait(8), 8));
}

TEST_F(Fetch, TheLastShortBlockIsWaitedForToItsEnd) {
  transport_.LetThrough(bytes_.size() - 1);
  Begin();
  ASSERT_TRUE(IsRight(Wait(7), 7));
  std::atomic<bool> right{false};
  std::thread waiter([&] { right = IsRight(Wait(8), 8); });
  transport_.AwaitWaiting(1);
  EXPECT_FALSE(right);
  transport_.Release();
  waiter.join();
  EXPECT_TRUE(right);
}

TEST_F(Fetch, EachWaiterWaitsForItsOwnBlockOnly) {
  transport_.Hold();
  Begin();
  std::atomic<int> right{0};
  std::thread first([&] { right += IsRight(Wait(5), 5); });
  transport_.AwaitWaiting(1);
  std::thread second([&] { right += IsRight(Wait(8), 8); });
  transport_.LetThrough(kBlock);
  first.join();
  EXPECT_EQ(right, 1);
  transport_.AwaitWaiting(1);  // the second waits for the answer in the first's place
  EXPECT_EQ(right, 1);
  transport_.Release();
  second.join();
  EXPECT_EQ(right, 2);
}

TEST_F(Fetch, OneThreadWaitsForAll) {
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 8; ++i) threads.emplace_back([&] { right += IsRight(Wait(8), 8); });
  transport_.Hold();
  // Waiting before it has begun is part of the contract: the fetch is published first.
  Begin();
  transport_.AwaitWaiting(1);
  EXPECT_EQ(taken_, 0);
  transport_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
  EXPECT_EQ(taken_, 1);
}

TEST_F(Fetch, ManyWaitersForDifferentBlocksAllGetThem) {
  for (int round = 0; round < 20; ++round) {
    FakeTransport transport;
    transport.Then(Answer(206, bytes_));
    transport.Hold();
    Request request;
    request.range = ByteRange{5 * kBlock, bytes_.size()};
    BlockFetch fetch(5, 4);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 8; ++i)
      threads.emplace_back([&, block = 5 + i % 4] {
        const auto take = [&](const Result<Response>& answer) { return Take(answer); };
        right += IsRight(fetch.WaitFor(block, take), block);
      });
    fetch.Begin(transport.Start(request));
    for (std::size_t bytes = 0; bytes < bytes_.size(); bytes += 10000) transport.LetThrough(bytes);
    transport.Release();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(right, 8);
  }
}

TEST_F(Fetch, AFailureInTheMiddleLeavesWhatHasArrived) {
  transport_.LetThrough(2 * kBlock);
  transport_.ThenBreakOff(Answer(206, bytes_), 2 * kBlock + 5,
                          Error{ErrorKind::kInterrupted, "broke off", 0});
  fetch_.Begin(Start());
  ASSERT_TRUE(IsRight(Wait(5), 5));
  transport_.Release();
  EXPECT_EQ(ErrorOf(Wait(8)).message, "broke off");
  EXPECT_TRUE(IsRight(Wait(6), 6));
  EXPECT_EQ(ErrorOf(Wait(7)).message, "broke off");
  EXPECT_TRUE(fetch_.IsDone());
  EXPECT_FALSE(fetch_.Whole());
}

TEST_F(Fetch, AFailureInTheMiddleReachesAllWhoWait) {
  transport_.Hold();
  transport_.ThenBreakOff(Answer(206, bytes_), 5, Error{ErrorKind::kInterrupted, "broke off", 0});
  fetch_.Begin(Start());
  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 6; ++i)
    threads.emplace_back([&, i] { told += MessageOf(Wait(5 + i % 4)) == "broke off"; });
  transport_.AwaitWaiting(1);
  transport_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told, 6);
}

// A broken answer is asked for again beneath, and the second is another answer.
TEST_F(Fetch, ARepeatedAnswerIsLookedAtAsWell) {
  const auto first = BodyWith(kBlock);
  const auto second = BodyWith(3 * kBlock);
  Response last = Arriving(BodyWith(bytes_.size()));
  last.complete = true;
  fetch_.Begin(std::make_unique<Scripted>(
      std::deque<Result<Response>>{Arriving(first), Arriving(second), last}));
  EXPECT_EQ(Wait(5)->body, first);
  EXPECT_EQ(taken_, 1);
  const auto run = Wait(7);
  ASSERT_EQ(MessageOf(run), "");
  EXPECT_EQ(run->body, second);
  EXPECT_EQ(taken_, 2);
  EXPECT_TRUE(IsRight(run, 5));
  EXPECT_EQ(Wait(8)->body, last.part);
  EXPECT_EQ(taken_, 3);
}

TEST_F(Fetch, ARepeatedAnswerMayBeRefused) {
  fetch_.Begin(std::make_unique<Scripted>(
      std::deque<Result<Response>>{Arriving(BodyWith(kBlock)), Arriving(BodyWith(3 * kBlock))}));
  ASSERT_TRUE(IsRight(Wait(5), 5));
  const auto refuse = [](const Result<Response>&) -> Result<BlockRun> {
    return Fail(ErrorKind::kChanged, "another version");
  };
  EXPECT_EQ(ErrorOf(fetch_.WaitFor(6, refuse)).kind, ErrorKind::kChanged);
  EXPECT_TRUE(fetch_.IsDone());
}

TEST_F(Fetch, AnAnswerThatIsRefusedIsCancelled) {
  transport_.LetThrough(kBlock);
  Begin();
  const auto refuse = [](const Result<Response>&) -> Result<BlockRun> {
    return Fail(ErrorKind::kChanged, "another version");
  };
  EXPECT_EQ(ErrorOf(fetch_.WaitFor(5, refuse)).message, "another version");
  EXPECT_EQ(transport_.cancelled(), 1U);
  EXPECT_EQ(ErrorOf(Wait(5)).message, "another version");
}

TEST_F(Fetch, AnAnswerThatEndsTooSoonIsAFailure) {
  transport_.Then(Answer(206, bytes_.substr(0, 2 * kBlock)));
  fetch_.Begin(Start());
  EXPECT_THAT(ErrorOf(Wait(5)), FailsWith(ErrorKind::kProtocol, HasSubstr("bytes are missing")));
}

TEST_F(Fetch, WhatThrowsOnTheWayIsAFailureForAll) {
  Begin();
  const auto take = [](const Result<Response>&) -> Result<BlockRun> {
    throw std::runtime_error("no memory");
  };
  EXPECT_THAT(ErrorOf(fetch_.WaitFor(5, take)).message, HasSubstr("no memory"));
  EXPECT_THAT(ErrorOf(Wait(6)).message, HasSubstr("no memory"));
}

TEST_F(Fetch, WithoutAnExchangeFails) {
  fetch_.Begin(nullptr);
  EXPECT_THAT(ErrorOf(Wait()).message, HasSubstr("could not be made"));
  EXPECT_TRUE(fetch_.IsDone());
}

TEST_F(Fetch, MayBeBroughtWithoutARequest) {
  std::atomic<int> right{0};
  std::thread early([&] { right += IsRight(Wait(6), 6); });
  fetch_.Bring(BlockRun{5, bytes_.size(), BodyWith(bytes_.size())});
  early.join();
  right += IsRight(Wait(8), 8);
  EXPECT_EQ(right, 2);
  EXPECT_TRUE(fetch_.IsDone());
  EXPECT_EQ(taken_, 0);
}

TEST_F(Fetch, MayBeBroughtAFailure) {
  fetch_.Bring(Fail(ErrorKind::kInvalidInput, "the disk is full"));
  EXPECT_EQ(ErrorOf(Wait()).message, "the disk is full");
  EXPECT_TRUE(fetch_.IsDone());
  EXPECT_FALSE(fetch_.Whole());
}

TEST_F(Fetch, ABlockThatIsNotInTheWholeRunEndsTheWaitAsWell) {
  fetch_.Bring(BlockRun{5, 0, std::make_shared<Body>(0)});
  const auto run = Wait(5);
  ASSERT_EQ(MessageOf(run), "");
  EXPECT_FALSE(run->Get(5));
}

TEST_F(Fetch, ThatNobodyWaitsForIsCancelled) {
  transport_.Then(Answer(206, bytes_));
  {
    BlockFetch unwanted(5, 4);
    unwanted.Begin(Start());
  }
  EXPECT_EQ(transport_.cancelled(), 1U);
}

}  // namespace
}  // namespace s2c
