// SPDX-License-Identifier: MIT
#include "client/base/clock.h"

#include <gtest/gtest.h>

#include <set>

namespace s2c {
namespace {

TEST(SystemClock, NeverGoesBack) {
  Clock::TimePoint last = SystemClock().Now();
  for (int i = 0; i < 1000; ++i) {
    const Clock::TimePoint now = SystemClock().Now();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
  const Clock::TimePoint before = SystemClock().Now();
  SystemClock().SleepFor(std::chrono::milliseconds(2));
  EXPECT_GE(SystemClock().Now() - before, std::chrono::milliseconds(2));
}

TEST(SystemClock, IsOne) { EXPECT_EQ(&SystemClock(), &SystemClock()); }

TEST(SystemRandom, IsSpreadOverZeroToOne) {
  std::set<double> seen;
  double least = 1;
  double most = 0;
  for (int i = 0; i < 1000; ++i) {
    const double number = SystemRandom().Next();
    ASSERT_GE(number, 0.0);
    ASSERT_LT(number, 1.0);
    least = std::min(least, number);
    most = std::max(most, number);
    seen.insert(number);
  }
  // That 1000 numbers miss a tenth of the range has a chance of 1e-46.
  EXPECT_LT(least, 0.1);
  EXPECT_GT(most, 0.9);
  EXPECT_GT(seen.size(), 900U);
}

}  // namespace
}  // namespace s2c
