// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "client/base/clock.h"

namespace s2c::testing_support {

/// A clock that stands until somebody sleeps or Advance() is called.
class FakeClock final : public Clock {
 public:
  TimePoint Now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return now_;
  }
  void SleepFor(Duration duration) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += duration;
    slept_.push_back(std::chrono::duration<double>(duration).count());
  }
  void Advance(Duration duration) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += duration;
  }
  /// Seconds, in the order of the calls.
  std::vector<double> slept() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return slept_;
  }

 private:
  mutable std::mutex mutex_;
  // Some hours after the clock's zero, as on a machine that has been up for a while.
  TimePoint now_{std::chrono::hours(7)};
  std::vector<double> slept_;
};

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  double Next() override { return value_; }

 private:
  const double value_;
};

}  // namespace s2c::testing_support
