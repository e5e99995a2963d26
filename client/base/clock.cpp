// SPDX-License-Identifier: MIT
#include "client/base/clock.h"

#include <mutex>
#include <random>
#include <thread>

#include "client/base/per_process.h"

namespace s2c {
namespace {

class RealClock final : public Clock {
 public:
  TimePoint Now() const override { return std::chrono::steady_clock::now(); }
  double EpochSeconds() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  }
  void SleepFor(Duration duration) override { std::this_thread::sleep_for(duration); }
};

class RealRandom final : public Random {
 public:
  double Next() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine_);
  }

 private:
  std::mutex mutex_;
  std::mt19937 engine_{std::random_device{}()};
};

}  // namespace

Clock& SystemClock() {
  // Never destroyed: threads may still ask for the time while the process ends.
  static auto* const clock = new RealClock;
  return *clock;
}

Random& SystemRandom() {
  static PerProcess<RealRandom> random;
  return random.Get();
}

}  // namespace s2c
