// SPDX-License-Identifier: MIT
#include "apps/interruption.h"

#include <mutex>

#include "apps/console.h"
#include "client/base/terminal.h"

namespace s2c {
namespace {

struct Words {
  std::mutex mutex;
  std::string text;
};

Words& WordsOfAll() {
  static auto* const words = new Words;
  return *words;
}

void Speak() {
  EndProgress();
  Words& words = WordsOfAll();
  const std::lock_guard<std::mutex> lock(words.mutex);
  if (!words.text.empty()) Say(words.text);
}

}  // namespace

void EndOnInterruption() { EndOnSignals(Speak); }

LastWords::LastWords(std::string text) { Set(std::move(text)); }
LastWords::~LastWords() { Set({}); }

// NOLINTNEXTLINE(readability-make-member-function-const): it changes what is said.
void LastWords::Set(std::string text) {
  Words& words = WordsOfAll();
  const std::lock_guard<std::mutex> lock(words.mutex);
  words.text = std::move(text);
}

}  // namespace s2c
