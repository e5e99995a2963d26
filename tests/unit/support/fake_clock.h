// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "client/base/clock.h"

namespace s2c::testing_support {

/// A clock that stands until somebody sleeps or Advance() is called. Its wall clock moves along,
/// and can be set, as users and machines do.
class FakeClock final : public Clock {
 public:
  TimePoint Now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return now_;
  }
  double EpochSeconds() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return epoch_at_zero_ + SecondsSinceZero();
  }
  void SleepFor(Duration duration) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      now_ += duration;
      slept_.push_back(std::chrono::duration<double>(duration).count());
    }
    if (meanwhile_) meanwhile_();
  }
  /// What others do while somebody sleeps. Set while nobody does.
  void Meanwhile(std::function<void()> action) { meanwhile_ = std::move(action); }
  void Advance(Duration duration) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += duration;
  }
  /// Sets the wall clock; Now() does not notice.
  void SetEpoch(double seconds) {
    const std::lock_guard<std::mutex> lock(mutex_);
    epoch_at_zero_ = seconds - SecondsSinceZero();
  }
  /// Seconds, in the order of the calls.
  std::vector<double> slept() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return slept_;
  }

 private:
  double SecondsSinceZero() const {
    return std::chrono::duration<double>(now_.time_since_epoch()).count();
  }

  mutable std::mutex mutex_;
  // Some hours after the clock's zero, as on a machine that has been up for a while.
  TimePoint now_{std::chrono::hours(7)};
  double epoch_at_zero_ = 1627200000;  // a day of July 2021
  std::vector<double> slept_;
  std::function<void()> meanwhile_;
};

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  double Next() override { return value_; }

 private:
  const double value_;
};

}  // namespace s2c::testing_support
