// SPDX-License-Identifier: MIT
#include "client/base/per_process.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>

#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using testing_support::InThreads;

// What is tested here is static, as it is everywhere: it is never destroyed.
struct Counted {
  std::mutex mutex;
  int value = 7;
};

TEST(PerProcess, IsOneObject) {
  static PerProcess<Counted> object;
  object.Get().value = 8;
  EXPECT_EQ(&object.Get(), &object.Get());
  EXPECT_EQ(object.Get().value, 8);
}

TEST(PerProcess, IsOneObjectInAllThreads) {
  static PerProcess<Counted> object;
  std::mutex mutex;
  std::set<Counted*> seen;
  InThreads(16, [&](int) {
    Counted* const found = &object.Get();
    const std::lock_guard<std::mutex> lock(mutex);
    seen.insert(found);
  });
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(*seen.begin(), &object.Get());
}

}  // namespace
}  // namespace s2c
