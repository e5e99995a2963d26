// SPDX-License-Identifier: MIT
#include "client/io/read_ahead.h"

#include <gtest/gtest.h>

#include "client/io/block_fetch.h"
#include "tests/unit/support/fake_file.h"

namespace s2c {
namespace {

using testing_support::kKiB;
using testing_support::kMiB;

constexpr std::uint64_t kRead = 64 * kKiB;

class Ahead : public testing::Test {
 protected:
  // How far beyond all that was read in sequence the file should be on its way.
  std::uint64_t Beyond(std::uint64_t offset, std::uint64_t size = kRead) {
    return ahead_.Observe({offset, size}) - (offset + size);
  }
  // Reads on to `end`; what the last read says.
  std::uint64_t ReadOn(std::uint64_t begin, std::uint64_t end) {
    std::uint64_t beyond = 0;
    for (std::uint64_t at = begin; at < end; at += kRead) beyond = Beyond(at);
    return beyond;
  }

  ReadAhead ahead_{8 * kMiB};
};

TEST_F(Ahead, AHeaderGivesNothing) {
  EXPECT_EQ(Beyond(0), 0U);
  EXPECT_TRUE(ahead_.goes_on());
}

TEST_F(Ahead, FromTheStartTwiceAsMuchAgain) {
  EXPECT_EQ(ReadOn(0, 2 * kRead), 2 * 2 * kRead);
  EXPECT_EQ(ReadOn(2 * kRead, 10 * kRead), 2 * 10 * kRead);
  EXPECT_TRUE(ahead_.goes_on());
}

TEST_F(Ahead, IsBounded) {
  EXPECT_EQ(ReadOn(0, 64 * kMiB), 8 * kMiB);
  ReadAhead little(kMiB);
  for (std::uint64_t at = 0; at < 4 * kMiB; at += kRead)
    EXPECT_LE(little.Observe({at, kRead}), at + kRead + kMiB);
}

TEST_F(Ahead, OneReadGivesNothingUnlessItIsLarge) {
  EXPECT_EQ(Beyond(0, 4 * kMiB - 1), 0U);
  ReadAhead other(64 * kMiB);
  EXPECT_EQ(other.Observe({0, 4 * kMiB}), 12 * kMiB);
  ReadAhead jumping(64 * kMiB);
  EXPECT_EQ(jumping.Observe({100 * kMiB, 4 * kMiB}), 106 * kMiB);
}

TEST_F(Ahead, AJumpGivesNothing) {
  ReadOn(0, 10 * kRead);
  for (const std::uint64_t block : {4000, 800, 20000, 1200}) {
    EXPECT_EQ(Beyond(block * 16 * kKiB, 16 * kKiB), 0U) << block;
    EXPECT_FALSE(ahead_.goes_on());
  }
}

TEST_F(Ahead, AfterAJumpHalfAsMuchAgain) {
  Beyond(0);
  EXPECT_EQ(ReadOn(20 * kMiB, 20 * kMiB + 4 * kRead), 2 * kRead);
  EXPECT_EQ(ReadOn(20 * kMiB + 4 * kRead, 20 * kMiB + 20 * kRead), 10 * kRead);
}

TEST_F(Ahead, LittleGapsAndLooksBackAreNoJumps) {
  ReadOn(0, 4 * kRead);
  EXPECT_EQ(Beyond(5 * kRead), 2 * 6 * kRead) << "what was left out counts as read";
  EXPECT_TRUE(ahead_.goes_on());
  EXPECT_EQ(ahead_.Observe({5 * kRead + 100, 10}), 3 * 6 * kRead);
  EXPECT_TRUE(ahead_.goes_on());
  EXPECT_EQ(Beyond(6 * kRead), 2 * 7 * kRead) << "and goes on from where it had been";
  Beyond(8 * kRead + 1);
  EXPECT_FALSE(ahead_.goes_on()) << "this gap is larger";
}

TEST_F(Ahead, LooksIntoTheHeaderAreNoJumps) {
  Beyond(10 * kMiB);
  EXPECT_FALSE(ahead_.goes_on());
  EXPECT_EQ(Beyond(100, 50), 0U);
  EXPECT_TRUE(ahead_.goes_on()) << "what is on its way for the row is still wanted";
  ReadOn(10 * kMiB + kRead, 10 * kMiB + 4 * kRead);
  EXPECT_EQ(Beyond(100, 50), 0U);
  EXPECT_TRUE(ahead_.goes_on());
  EXPECT_EQ(Beyond(10 * kMiB + 4 * kRead), 5 * kRead / 2) << "and goes on from where it had been";
}

// Row by row of a window of a file whose tiles lie row by row.
class AheadOfRows : public Ahead {
 protected:
  static constexpr std::uint64_t kRow = 4 * kRead;
  // Rows come of lengths that differ a little.
  static constexpr std::uint64_t kWhole = kRow + kRow / 64;
  void SetUp() override {
    ReadOn(0, 2 * kRead);
    ReadOn(10 * kMiB, 10 * kMiB + kRow);
  }
};

TEST_F(AheadOfRows, EachRowComesWholeAfterItsFirstRead) {
  for (std::uint64_t row = 11; row < 15; ++row) {
    EXPECT_EQ(Beyond(row * kMiB), kWhole - kRead) << row;
    EXPECT_FALSE(ahead_.goes_on());
    EXPECT_EQ(Beyond(row * kMiB + kRead), kWhole - 2 * kRead) << row;
    EXPECT_TRUE(ahead_.goes_on());
    EXPECT_EQ(ReadOn(row * kMiB + 2 * kRead, row * kMiB + kRow), kRow / 64);
  }
}

TEST_F(AheadOfRows, ARowIsNoLongerThanTheBound) {
  ReadAhead little(kRead);
  for (const std::uint64_t row : {10, 11})
    for (std::uint64_t at = 0; at < kRow; at += kRead)
      EXPECT_LE(little.Observe({row * kMiB + at, kRead}), row * kMiB + at + 2 * kRead);
}

TEST_F(AheadOfRows, WhoReadsOnBeyondTheRowIsNoReaderOfRows) {
  EXPECT_EQ(ReadOn(11 * kMiB, 11 * kMiB + kRow + 2 * kRead), 0U);
  EXPECT_EQ(ReadOn(11 * kMiB + kRow + 2 * kRead, 11 * kMiB + 2 * kRow), kRow);
}

TEST_F(AheadOfRows, AnAccidentBetweenDoesNotEndTheRows) {
  Beyond(30 * kMiB, 100);
  EXPECT_EQ(Beyond(11 * kMiB), kWhole - kRead);
}

TEST_F(AheadOfRows, SeveralPartsAtOnceEndTheRows) {
  EXPECT_EQ(ahead_.Observe({20 * kMiB, kRead}, true), 20 * kMiB + kRead);
  EXPECT_FALSE(ahead_.goes_on());
}

TEST_F(Ahead, TheHeaderIsNoRow) {
  ReadOn(0, 4 * kRead);
  EXPECT_EQ(Beyond(10 * kMiB), 0U);
}

TEST_F(Ahead, FewReadsAreNoRow) {
  Beyond(0);
  ReadOn(10 * kMiB, 10 * kMiB + 2 * kRead);
  EXPECT_EQ(Beyond(20 * kMiB), 0U);
}

TEST_F(Ahead, RowsThatWereAskedForAtOnceTellTheirLength) {
  ahead_.ObserveRows({{kMiB, 3 * kRead}, {2 * kMiB, 4 * kRead}, {3 * kMiB, 2 * kRead}});
  EXPECT_FALSE(ahead_.goes_on());
  EXPECT_EQ(ahead_.begun_to(), 0U);
  EXPECT_EQ(Beyond(4 * kMiB), 4 * kRead + 4 * kRead / 64 - kRead);
}

TEST_F(Ahead, NoRowsAtAllChangeNoPlace) {
  ahead_.ObserveRows({});
  EXPECT_EQ(Beyond(0), 0U);
}

// GTiff asks for up to 10 MB at once, and what it left out then is certain to come.
TEST_F(Ahead, OfRowsThatAreAllThatGtiffAsksForAtOnceTheNextOneIsKnown) {
  const std::uint64_t row = 3400 * kKiB;
  const std::uint64_t slack = row / 64;
  EXPECT_EQ(ahead_.ObserveRows({{kMiB, row}, {9 * kMiB, row}, {17 * kMiB, row}}),
            (ByteRange{25 * kMiB - slack, row + 2 * slack}));
  const std::uint64_t half = row / 2;
  EXPECT_EQ(ahead_.ObserveRows(
                {{kMiB, row}, {9 * kMiB, row}, {17 * kMiB, row - half}, {25 * kMiB, half}}),
            (ByteRange{25 * kMiB + half, row + slack - half}));
}

TEST_F(Ahead, OfTheNextRowNoMoreIsAheadThanOfAnything) {
  ReadAhead small(kMiB);
  const std::uint64_t row = 3400 * kKiB;
  EXPECT_EQ(small.ObserveRows({{kMiB, row}, {9 * kMiB, row}, {17 * kMiB, row}})->size, kMiB);
  EXPECT_EQ(
      small.ObserveRows({{kMiB, row}, {9 * kMiB, row}, {17 * kMiB, row / 2}, {25 * kMiB, row / 2}})
          ->size,
      kMiB);
}

TEST_F(Ahead, OfRowsThatMayBeAllOfAWindowNothingIsAhead) {
  const std::uint64_t row = 3400 * kKiB;
  EXPECT_EQ(ahead_.ObserveRows({{kMiB, row}, {9 * kMiB, row}}), std::nullopt);
  EXPECT_EQ(ahead_.ObserveRows({{kMiB, 10 * kMiB}}), std::nullopt);
  EXPECT_EQ(ahead_.ObserveRows({{kMiB, 10 * kMiB}, {20 * kMiB, 10 * kMiB}}), std::nullopt)
      << "somebody else's rows";
}

TEST_F(Ahead, PartsAtOnceThatGoOnAreReadInSequence) {
  EXPECT_EQ(ahead_.Observe({0, 10 * kMiB}, true), 18 * kMiB);
  EXPECT_EQ(ahead_.Observe({10 * kMiB, 10 * kMiB}, true), 28 * kMiB);
  EXPECT_TRUE(ahead_.goes_on());
}

std::shared_ptr<BlockFetch> Done() {
  auto fetch = std::make_shared<BlockFetch>(0, 1);
  fetch->Bring(BlockRun{0, 0, std::make_shared<Body>(0)});
  return fetch;
}

TEST_F(Ahead, KnowsHowFarFetchesHaveBegun) {
  EXPECT_EQ(ahead_.begun_to(), 0U);
  ahead_.AddBegun(500, {});
  ahead_.AddBegun(300, {});
  EXPECT_EQ(ahead_.begun_to(), 500U);
  Beyond(100 * kMiB);
  EXPECT_EQ(ahead_.begun_to(), 0U) << "what is ahead of another place does not count here";
}

TEST_F(Ahead, KeepsWhatWasAdvisedApart) {
  const auto advised = std::make_shared<BlockFetch>(0, 1);
  const auto ahead = std::make_shared<BlockFetch>(1, 1);
  ahead_.AddAdvised({advised});
  ahead_.AddBegun(500, {ahead});
  EXPECT_EQ(ahead_.TakeUnused(), ReadAhead::Fetches{ahead});
  EXPECT_EQ(ahead_.TakeAdvised(), ReadAhead::Fetches{advised});
  EXPECT_TRUE(ahead_.TakeAdvised().empty());
}

TEST_F(Ahead, KeepsNoFetchThatNobodyElseHas) {
  auto advised = std::make_shared<BlockFetch>(0, 1);
  auto ahead = std::make_shared<BlockFetch>(1, 1);
  const std::weak_ptr<BlockFetch> gone[] = {advised, ahead};
  ahead_.AddAdvised({std::move(advised)});
  ahead_.AddBegun(500, {std::move(ahead)});
  for (const auto& fetch : gone) EXPECT_TRUE(fetch.expired()) << "its bytes would be kept";
  EXPECT_TRUE(ahead_.TakeUnused().empty());
  EXPECT_TRUE(ahead_.TakeAdvised().empty());
}

TEST_F(Ahead, GivesUpWhatHasNotArrived) {
  const auto waiting = std::make_shared<BlockFetch>(0, 1);
  ahead_.AddBegun(500, {Done(), waiting, Done()});
  EXPECT_EQ(ahead_.TakeUnused(), ReadAhead::Fetches{waiting});
  EXPECT_EQ(ahead_.begun_to(), 0U);
  EXPECT_TRUE(ahead_.TakeUnused().empty()) << "once";
}

}  // namespace
}  // namespace s2c
