// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>

#include "tests/unit/base/file_lock_fixture.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(FileLockTest, ExcludesOthersUntilItEnds) {
  auto lock = Try();
  ASSERT_TRUE(lock);
  EXPECT_FALSE(Try());
  lock.reset();
  EXPECT_TRUE(Try());
}

TEST_F(FileLockTest, IsAFileThatIsClosedToOthersAndStays) {
  ASSERT_TRUE(Try());
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(ReadText(path_), "");
}

TEST_F(FileLockTest, OfAnotherPathIsAnother) {
  const auto lock = Try();
  EXPECT_TRUE(FileLock::Acquire(folder_ / "other", seconds(0), clock_));
}

TEST_F(FileLockTest, IsWaitedForAsLongAsToldByTheClock) {
  const auto lock = Try();
  const auto before = clock_.Now();
  EXPECT_FALSE(FileLock::Acquire(path_, seconds(3), clock_));
  EXPECT_GE(clock_.Now() - before, seconds(3));
  EXPECT_LT(clock_.Now() - before, seconds(4));
}

TEST_F(FileLockTest, IsHadAsSoonAsItsHolderEnds) {
  auto held = Try();
  clock_.Meanwhile([&] {
    if (clock_.slept().size() == 3) held.reset();
  });
  EXPECT_TRUE(FileLock::Acquire(path_, seconds(30), clock_));
  EXPECT_EQ(clock_.slept().size(), 3U);
}

TEST_F(FileLockTest, IsHeldByOneThreadAtATime) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> had{0};
  InThreads(8, [&](int) {
    for (int i = 0; i < 5; ++i) {
      const auto lock = FileLock::Acquire(path_, seconds(30), SystemClock());
      if (!lock) continue;
      const int now = ++inside;
      if (now > most) most = now;
      ++had;
      --inside;
    }
  });
  EXPECT_EQ(had, 40);
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace s2c
