// SPDX-License-Identifier: MIT
#include "client/io/block_fetch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FakeTransport;
using testing_support::MakeUrl;

class Fetch : public testing::Test {
 protected:
  std::unique_ptr<Exchange> Start() {
    Request request;
    request.url = MakeUrl("https://a.example/x");
    return transport_.Start(std::move(request));
  }

  // Turns the answer's body into one block, and counts how often it is asked to.
  Result<BlockRun> Finish(const Result<Response>& answer) {
    ++finished_;
    if (!answer) return Pass(answer);
    return BlockRun{fetch_.first(), {std::make_shared<const std::string>(answer->body)}};
  }

  Result<BlockRun> Wait() {
    return fetch_.Wait([this](const Result<Response>& answer) { return Finish(answer); });
  }

  FakeTransport transport_;
  BlockFetch fetch_{5, 2};
  std::atomic<int> finished_{0};
};

TEST_F(Fetch, KnowsItsBlocks) {
  EXPECT_EQ(fetch_.first(), 5U);
  EXPECT_EQ(fetch_.count(), 2U);
}

TEST_F(Fetch, RunsFinishOnTheAnswer) {
  transport_.Then(Answer(206, "bytes"));
  fetch_.Begin(Start());
  const auto run = Wait();
  ASSERT_TRUE(run);
  EXPECT_EQ(run->first, 5U);
  EXPECT_EQ(*run->blocks.at(0), "bytes");
}

TEST_F(Fetch, TheSecondWaiterGetsTheFirstsResult) {
  transport_.Then(Answer(206, "bytes"));
  fetch_.Begin(Start());
  const auto first = Wait();
  const auto second = Wait();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->blocks, second->blocks) << "the same block, not a copy";
  EXPECT_EQ(finished_, 1);
}

TEST_F(Fetch, TheSecondWaiterGetsTheFirstsFailure) {
  transport_.Then(Fail(ErrorKind::kInterrupted, "broke off"));
  fetch_.Begin(Start());
  EXPECT_EQ(ErrorOf(Wait()).message, "broke off");
  EXPECT_EQ(ErrorOf(Wait()).message, "broke off");
  EXPECT_EQ(finished_, 1);
}

TEST_F(Fetch, OneThreadFinishesForAll) {
  transport_.Then(Answer(206, "bytes"));
  transport_.Hold();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto run = Wait();
      right += run && *run->blocks.at(0) == "bytes";
    });
  }
  // Waiting before it has begun is part of the contract: the fetch is published first.
  fetch_.Begin(Start());
  transport_.AwaitWaiting(1);
  EXPECT_EQ(finished_, 0);
  transport_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
  EXPECT_EQ(finished_, 1);
}

TEST_F(Fetch, ThatNobodyWaitsForIsCancelled) {
  transport_.Then(Answer(206, "bytes"));
  {
    BlockFetch unwanted(0, 1);
    unwanted.Begin(Start());
  }
  EXPECT_EQ(transport_.cancelled(), 1U);
}

}  // namespace
}  // namespace s2c
