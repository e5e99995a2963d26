// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace s2c {

/// Lets those who want the same at the same time wait for one answer. Thread-safe.
template <class Key, class Answer>
class SharedCalls {
 public:
  /// What `call` gives, or what the call of another thread for the same key gives that is under way
  /// already. No lock is held meanwhile. An exception is that of its own thread alone.
  template <class Call>
  Answer Run(const Key& key, const Call& call) {
    for (;;) {
      const Joined joined = Join(key);
      if (joined.is_first) {
        const Leaving leaving{*this, key, *joined.flight};
        joined.flight->answer = call();
        return *joined.flight->answer;
      }
      std::unique_lock<std::mutex> lock(mutex_);
      ended_.wait(lock, [&] { return joined.flight->has_ended; });
      if (joined.flight->answer) return *joined.flight->answer;
    }
  }

  /// Whoever asks from here on gets no answer to a call that has begun before.
  void Forget(const Key& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    flights_.erase(key);
  }

 private:
  struct Flight {
    std::optional<Answer> answer;  ///< written by the first alone, before has_ended
    bool has_ended = false;
  };
  struct Joined {
    std::shared_ptr<Flight> flight;
    bool is_first;
  };
  struct Leaving {
    SharedCalls& calls;
    const Key& key;
    Flight& flight;
    ~Leaving() { calls.End(key, flight); }
  };

  Joined Join(const Key& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::shared_ptr<Flight>& flight = flights_[key];
    const bool is_first = !flight;
    if (is_first) flight = std::make_shared<Flight>();
    return {flight, is_first};
  }

  void End(const Key& key, Flight& flight) {
    const std::lock_guard<std::mutex> lock(mutex_);
    flight.has_ended = true;
    const auto found = flights_.find(key);
    if (found != flights_.end() && found->second.get() == &flight) flights_.erase(found);
    ended_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  std::map<Key, std::shared_ptr<Flight>> flights_;
};

}  // namespace s2c
