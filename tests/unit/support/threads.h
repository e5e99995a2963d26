// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace s2c::testing_support {

/// Runs `body(number)` in so many threads, which all begin once the last of them is there.
template <class Body>
void InThreads(int count, Body body) {
  std::atomic<int> missing{count};
  std::vector<std::thread> threads;
  for (int number = 0; number < count; ++number)
    threads.emplace_back([&, number] {
      --missing;
      while (missing > 0) std::this_thread::yield();
      body(number);
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace s2c::testing_support
