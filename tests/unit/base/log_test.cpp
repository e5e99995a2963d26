// SPDX-License-Identifier: MIT
#include "client/base/log.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using testing_support::CapturedLog;
using testing_support::InThreads;

TEST(Log, GoesNowhereUntilASinkIsSet) {
  SetLogSink(nullptr);
  LogDebug("x");
  LogWarning("y");
  const CapturedLog log;
  EXPECT_EQ(log.Text(LogLevel::kDebug), "");
}

TEST(Log, GoesToTheSinkWithItsLevel) {
  const CapturedLog log;
  LogDebug("one");
  LogWarning("two");
  LogDebug("three %s");
  EXPECT_EQ(log.Text(LogLevel::kDebug), "one\nthree %s\n");
  EXPECT_EQ(log.Text(LogLevel::kWarning), "two\n");
}

TEST(Log, GoesNowhereAfterTheSinkWasTakenAway) {
  {
    const CapturedLog log;
    LogWarning("found");
  }
  LogWarning("lost");
  const CapturedLog log;
  EXPECT_EQ(log.Text(LogLevel::kWarning), "");
}

TEST(Log, MayBeWrittenFromAllThreads) {
  const CapturedLog log;
  InThreads(8, [](int number) {
    for (int i = 0; i < 10; ++i) LogDebug(std::to_string(number));
  });
  const std::string text = log.Text(LogLevel::kDebug);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 80);
}

}  // namespace
}  // namespace s2c
