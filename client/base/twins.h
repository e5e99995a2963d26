// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <unordered_map>

namespace s2c {

/// Tells what has equal names apart by numbers, in time that grows with how many there are: a name
/// that was taken stays so, so no number is tried twice for one key.
class Twins {
 public:
  /// The first free one of `name(1)`, which is the bare name, `name(2)` and so on. `take` says
  /// whether a name was free, and takes it. Names of one key must be equal for `take`.
  template <class Name, class Take>
  std::string Next(const std::string& key, Name name, Take take) {
    int& number = numbers_[key];
    for (;;) {
      std::string next = name(++number);
      if (take(next)) return next;
    }
  }

 private:
  std::unordered_map<std::string, int> numbers_;
};

}  // namespace s2c
