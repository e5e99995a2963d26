// SPDX-License-Identifier: MIT
#include "client/base/shared_calls.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

namespace s2c {
namespace {

TEST(SharedCalls, OfOneKeyAtOneTimeAreOne) {
  SharedCalls<int, int> calls;
  std::atomic<int> begun{0};
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  const auto call = [&] {
    ++begun;
    ended.wait();
    return 7;
  };
  std::atomic<int> there{0};
  std::vector<std::future<int>> answers;
  for (int i = 0; i < 8; ++i)
    answers.push_back(std::async(std::launch::async, [&] {
      ++there;
      return calls.Run(1, call);
    }));
  while (begun == 0 || there < 8) std::this_thread::yield();
  EXPECT_EQ(calls.Run(2, [] { return 8; }), 8) << "others wait for nobody";
  // The last of them may be on their way still, and make a call of their own then.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  end.set_value();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), 7);
  EXPECT_LT(begun, 8);
}

TEST(SharedCalls, AreNotSharedOnceTheyHaveEnded) {
  SharedCalls<int, int> calls;
  EXPECT_EQ(calls.Run(1, [] { return 1; }), 1);
  EXPECT_EQ(calls.Run(1, [] { return 2; }), 2);
}

TEST(SharedCalls, ThatBeganBeforeAnswerNobodyWhoAsksAfterForgetting) {
  SharedCalls<int, int> calls;
  const int old = calls.Run(1, [&] {
    calls.Forget(1);
    EXPECT_EQ(calls.Run(1, [] { return 2; }), 2);
    return 1;
  });
  EXPECT_EQ(old, 1);
  EXPECT_EQ(calls.Run(1, [] { return 3; }), 3);
}

TEST(SharedCalls, ThatThrowFailForThemselvesAlone) {
  SharedCalls<int, int> calls;
  std::promise<void> begun;
  std::promise<void> end;
  auto failing = std::async(std::launch::async, [&] {
    return calls.Run(1, [&]() -> int {
      begun.set_value();
      end.get_future().wait();
      throw std::runtime_error("no memory");
    });
  });
  begun.get_future().wait();
  auto other = std::async(std::launch::async, [&] { return calls.Run(1, [] { return 2; }); });
  end.set_value();
  EXPECT_EQ(other.get(), 2);
  EXPECT_THROW(failing.get(), std::runtime_error);
}

}  // namespace
}  // namespace s2c
