// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "client/base/system.h"

namespace s2c {

/// One T for the process, made on first use and never destroyed: GDAL may be used from exit
/// handlers. A forked child gets one of its own, since the parent's may be locked by a thread that
/// the child does not have. Get() is thread-safe and takes no lock.
template <class T>
class PerProcess {
 public:
  constexpr PerProcess() = default;

  T& Get() {
    const std::int64_t process = ProcessId();
    Entry* entry = current_.load();
    while (!entry || entry->process != process) {
      auto* const fresh = new Entry(process);
      if (current_.compare_exchange_strong(entry, fresh)) return fresh->value;
      delete fresh;
    }
    return entry->value;
  }

 private:
  struct Entry {
    explicit Entry(std::int64_t of) : process(of) {}
    const std::int64_t process;
    T value;
  };

  std::atomic<Entry*> current_{nullptr};
};

/// Gives up an object of the parent's in a forked child without destroying it: its end could wait
/// for threads that the child does not have, or say goodbye to a server in the parent's name.
template <class T>
void LeaveToParent(T object) {
  static_cast<void>(new T(std::move(object)));
}

}  // namespace s2c
