// SPDX-License-Identifier: MIT
// What remote_file.h fetches ahead of a reader.
#include <atomic>
#include <thread>

#include "tests/unit/io/remote_file_fixture.h"

namespace s2c {
namespace {

using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr std::uint64_t kRead = 16 * kKiB;

class ReadingAhead : public RemoteFileTest {
 protected:
  // Reads from `begin` to `end` in steps.
  void ReadOn(std::uint64_t begin, std::uint64_t end, ReadAhead& ahead,
              std::uint64_t step = kRead) {
    for (std::uint64_t at = begin; at < end; at += step)
      ASSERT_TRUE(ReadsRight(at, static_cast<std::size_t>(std::min(step, end - at)), &ahead)) << at;
  }
  std::uint64_t FurthestAsked() const {
    std::uint64_t end = 0;
    for (const ByteRange& range : Asked()) end = std::max(end, range.end());
    return end;
  }

  ReadAhead ahead_{2 * kMiB};
};

TEST_F(ReadingAhead, GrowsForASequentialReader) {
  Serve(16 * kMiB);
  ReadOn(0, 3 * kMiB, ahead_);
  EXPECT_LT(transport_.count(), 16U) << "192 reads";
  EXPECT_GE(FurthestAsked(), 4 * kMiB);
  EXPECT_EQ(BytesAsked(), FurthestAsked()) << "no byte twice and none left out";
}

TEST_F(ReadingAhead, IsBounded) {
  Serve(32 * kMiB);
  for (std::uint64_t at = 0; at < 16 * kMiB; at += kRead) {
    ASSERT_TRUE(ReadsRight(at, kRead, &ahead_)) << at;
    ASSERT_LE(FurthestAsked(), at + kRead + 2 * kMiB + kBlock);
  }
  for (const ByteRange& range : Asked()) EXPECT_LE(range.size, kMiB);
  EXPECT_EQ(BytesAsked(), FurthestAsked());
}

TEST_F(ReadingAhead, IsOnItsWayBeforeTheReaderWaits) {
  Serve(16 * kMiB);
  ReadOn(0, kMiB, ahead_);
  transport_.Hold();
  const std::uint64_t at = FurthestAsked();
  std::thread reader([&] { ReadOn(kMiB, at + kRead, ahead_); });
  transport_.AwaitWaiting(1);
  EXPECT_GT(FurthestAsked(), at + kRead);
  transport_.Release();
  reader.join();
}

TEST_F(ReadingAhead, IsNothingForAHeader) {
  Serve(16 * kMiB);
  ReadOn(0, 64 * kKiB, ahead_, 4 * kKiB);
  EXPECT_EQ(BytesAsked(), 64 * kKiB);
}

TEST_F(ReadingAhead, IsNothingForJumps) {
  Serve(16 * kMiB);
  for (const std::uint64_t block : {160, 320, 80, 480, 240, 88, 400})
    ASSERT_TRUE(ReadsRight(block * kBlock, kBlock, &ahead_));
  EXPECT_EQ(transport_.count(), 7U);
  EXPECT_EQ(BytesAsked(), 7 * kBlock);
}

TEST_F(ReadingAhead, IsNothingWithoutAReader) {
  Serve(16 * kMiB);
  for (std::uint64_t at = 0; at < 3 * kMiB; at += kBlock) ASSERT_TRUE(ReadsRight(at, kBlock));
  EXPECT_EQ(BytesAsked(), 3 * kMiB);
}

TEST_F(ReadingAhead, EndsWithAJump) {
  Serve(32 * kMiB);
  ReadOn(0, 2 * kMiB, ahead_);
  transport_.Hold();
  const std::size_t before = transport_.cancelled();
  std::thread reader([&] { EXPECT_TRUE(ReadsRight(20 * kMiB, 100, &ahead_)); });
  transport_.AwaitWaiting(1);
  EXPECT_EQ(Asked().back(), (ByteRange{20 * kMiB, kBlock}));
  EXPECT_GT(transport_.cancelled(), before) << "what was on its way is given up";
  transport_.Release();
  reader.join();
}

TEST_F(ReadingAhead, StopsAtTheEndOfTheFile) {
  Serve(2 * kMiB + 100);
  std::string read;
  for (std::string part; !(part = Read(read.size(), 100000, &ahead_)).empty();) read += part;
  EXPECT_TRUE(read == content_);
  EXPECT_EQ(FurthestAsked(), content_.size());
  EXPECT_EQ(BytesAsked(), content_.size());
}

TEST_F(ReadingAhead, EachReaderHasHisOwn) {
  Serve(32 * kMiB);
  ReadAhead other(2 * kMiB);
  ReadOn(0, 2 * kMiB, ahead_);
  const std::size_t cancelled = transport_.cancelled();
  ASSERT_TRUE(ReadsRight(20 * kMiB, kBlock, &other));
  EXPECT_EQ(Asked().back(), (ByteRange{20 * kMiB, kBlock}));
  EXPECT_EQ(transport_.cancelled(), cancelled);
  ReadOn(2 * kMiB, 8 * kMiB, ahead_);
  EXPECT_GE(BytesAsked(), kBlock + 9 * kMiB) << "the first goes on as before";
  EXPECT_LE(BytesAsked(), kBlock + 10 * kMiB);
}

TEST_F(ReadingAhead, TwoWhoReadTheSameAskOnce) {
  Serve(32 * kMiB);
  ReadAhead other(2 * kMiB);
  for (std::uint64_t at = 0; at < 8 * kMiB; at += kRead) {
    ASSERT_TRUE(ReadsRight(at, kRead, &ahead_));
    ASSERT_TRUE(ReadsRight(at, kRead, &other));
  }
  EXPECT_EQ(BytesAsked(), FurthestAsked());
}

TEST_F(ReadingAhead, TheRowAfterThoseThatGtiffAsksForAtOnceIsOnItsWayWhileTheyAreDecoded) {
  Serve(40 * kMiB);
  ReadAhead ahead(8 * kMiB);
  const std::uint64_t row = 3400 * kKiB;
  ASSERT_EQ(ReadParts({{4 * kMiB, row}, {12 * kMiB, row}, {20 * kMiB, row}}, &ahead), "");
  const std::size_t asked = transport_.count();
  EXPECT_EQ(Asked().back().end() / kMiB, (28 * kMiB + row + row / 64) / kMiB);
  EXPECT_TRUE(ReadsRight(28 * kMiB, row, &ahead));
  EXPECT_EQ(transport_.count(), asked) << "it was on its way";
}

TEST_F(ReadingAhead, RowsOfAWindowComeWholeAndNothingMore) {
  Serve(32 * kMiB);
  constexpr std::uint64_t kRow = 512 * kKiB;
  ReadOn(0, 64 * kKiB, ahead_);
  for (std::uint64_t row = 1; row < 12; ++row)
    ReadOn(2 * row * kMiB, 2 * row * kMiB + kRow, ahead_, 64 * kKiB);
  // The first row teaches; of each further one, no more than some blocks are for nothing.
  const std::uint64_t used = 11 * kRow + 64 * kKiB;
  EXPECT_LE(BytesAsked(), used + kRow / 2 + 10 * 2 * kBlock);
  EXPECT_LE(transport_.count(), 12U * 4);
}

TEST_F(ReadingAhead, LooksIntoTheHeaderBetweenTheReadsOfARowChangeNothing) {
  Serve(32 * kMiB);
  constexpr std::uint64_t kRow = 512 * kKiB;
  ReadOn(0, 64 * kKiB, ahead_);
  for (std::uint64_t row = 1; row < 12; ++row)
    for (std::uint64_t at = 0; at < kRow; at += 64 * kKiB) {
      ASSERT_TRUE(ReadsRight(2 * row * kMiB + at, 64 * kKiB, &ahead_));
      ASSERT_TRUE(ReadsRight(8, 16, &ahead_));
    }
  const std::uint64_t used = 11 * kRow + 64 * kKiB;
  EXPECT_LE(BytesAsked(), used + kRow / 2 + 10 * 2 * kBlock);
  EXPECT_LE(transport_.count(), 12U * 4);
}

TEST_F(ReadingAhead, IsGivenUpWithItsReader) {
  Serve(32 * kMiB);
  ReadOn(0, kMiB, ahead_);
  const std::size_t begun = transport_.count();
  file_->GiveUp(ahead_);
  EXPECT_GT(transport_.cancelled(), 0U);
  file_->GiveUp(ahead_);
  EXPECT_TRUE(ReadsRight(kMiB, 3 * kMiB)) << "what was given up is asked for again";
  EXPECT_GT(transport_.count(), begun);
}

// Else its memory would be none of CACHE_SIZE until somebody reads the file again.
TEST_F(ReadingAhead, WhatHasArrivedIsTheCachesOnceItsReaderIsGone) {
  Serve(32 * kMiB);
  ASSERT_TRUE(ReadsRight(0, kRead, &ahead_));
  transport_.LetThrough(kBlock);
  file_->Advise({{8 * kMiB, 16 * kBlock}}, kMiB, ahead_);
  ASSERT_TRUE(ReadsRight(8 * kMiB, kBlock));
  transport_.Release();
  const std::size_t used = cache_.used();
  file_->GiveUp(ahead_);
  EXPECT_GT(cache_.used(), used);
}

TEST_F(ReadingAhead, WhatOthersWaitForIsNotCancelled) {
  Serve(32 * kMiB);
  ReadOn(0, kMiB, ahead_);
  const std::uint64_t last = FurthestAsked() - kBlock;
  transport_.Hold();
  file_->GiveUp(ahead_);
  // A new reader begins, its read-ahead is shared by another one, and given up.
  ReadAhead second(2 * kMiB);
  file_->Advise({{last, kBlock}}, kMiB, second);
  std::atomic<bool> right{false};
  std::thread other([&] { right = ReadsRight(last, kBlock); });
  transport_.AwaitWaiting(1);
  const std::size_t before = transport_.cancelled();
  file_->GiveUp(second);
  EXPECT_EQ(transport_.cancelled(), before);
  transport_.Release();
  other.join();
  EXPECT_TRUE(right);
}

}  // namespace
}  // namespace s2c
