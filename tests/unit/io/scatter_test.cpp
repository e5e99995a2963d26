// SPDX-License-Identifier: MIT
#include "client/io/scatter.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

constexpr std::uint64_t kBlocks = 1024;
const Scatter::Span kEverywhere{0, kBlocks};

bool IsNowhere(std::uint64_t) { return false; }

// What is fetched for one block when so many others have been.
Scatter::Span After(std::uint64_t blocks, std::uint64_t wanted) {
  Scatter scatter;
  for (std::uint64_t i = 0; i < blocks; ++i)
    scatter.Widen({i, i + 1}, {i, i + 1}, kBlocks, IsNowhere);
  return scatter.Widen({wanted, wanted + 1}, kEverywhere, kBlocks, IsNowhere);
}

void ExpectSpan(const Scatter::Span& span, std::uint64_t first, std::uint64_t end) {
  EXPECT_EQ(span.first, first);
  EXPECT_EQ(span.end, end);
}

TEST(Scatter, FewBlocksAreFetchedAsTheyAre) {
  ExpectSpan(After(0, 517), 517, 518);
  ExpectSpan(After(63, 517), 517, 518);
}

TEST(Scatter, GrowsWithThePartOfTheFileThatHasCome) {
  ExpectSpan(After(64, 517), 516, 520);
  ExpectSpan(After(128, 517), 512, 520);
  ExpectSpan(After(256, 517), 512, 528);
  ExpectSpan(After(1024, 517), 512, 528);
}

TEST(Scatter, LeavesOutWhatIsHereAndWhatLiesBehindIt) {
  Scatter scatter;
  for (std::uint64_t i = 0; i < 256; ++i) scatter.Widen({i, i + 1}, {i, i + 1}, kBlocks, IsNowhere);
  ExpectSpan(scatter.Widen({517, 518}, kEverywhere, kBlocks,
                           [](std::uint64_t block) { return block == 515 || block == 520; }),
             516, 520);
}

TEST(Scatter, StaysInItsRoom) {
  Scatter scatter;
  for (std::uint64_t i = 0; i < 256; ++i) scatter.Widen({i, i + 1}, {i, i + 1}, kBlocks, IsNowhere);
  ExpectSpan(scatter.Widen({517, 518}, {517, 519}, kBlocks, IsNowhere), 517, 519);
  ExpectSpan(scatter.Widen({1020, 1021}, {0, 1022}, kBlocks, IsNowhere), 1008, 1022);
}

TEST(Scatter, LongRunsAreFetchedAsTheyAreAndCountForNothing) {
  Scatter scatter;
  for (std::uint64_t i = 0; i < kBlocks; i += 5)
    ExpectSpan(scatter.Widen({i, i + 5}, kEverywhere, kBlocks, IsNowhere), i, i + 5);
  ExpectSpan(scatter.Widen({517, 518}, kEverywhere, kBlocks, IsNowhere), 517, 518);
}

}  // namespace
}  // namespace s2c
