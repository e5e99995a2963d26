// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace s2c {

/// Time and sleeping, passed in so that tests own them. Implementations are thread-safe.
class Clock {
 public:
  using Duration = std::chrono::nanoseconds;
  using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

  virtual ~Clock() = default;
  /// Monotonic: never set back, not even when the user corrects the wall clock.
  virtual TimePoint Now() const = 0;
  /// Seconds since 1970, by the wall clock: for times that other processes read.
  virtual double EpochSeconds() const = 0;
  virtual void SleepFor(Duration duration) = 0;
};

/// The machine's clock. Lives as long as the process.
Clock& SystemClock();

/// Numbers in [0, 1) for back-off delays; thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual double Next() = 0;
};

/// Seeded from the machine, so that processes that start together do not retry together.
Random& SystemRandom();

}  // namespace s2c
