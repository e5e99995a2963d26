// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c {

/// A signal ends the program at once from here on, whatever it waits for. Called first of all.
void EndOnInterruption();

/// What the user is told then, for as long as this lives: how to go on.
class LastWords {
 public:
  explicit LastWords(std::string text);
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

  void Set(std::string text);
};

}  // namespace s2c
