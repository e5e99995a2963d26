// SPDX-License-Identifier: MIT
#include "client/io/remote_file.h"

#include <atomic>
#include <thread>

#include "tests/unit/io/remote_file_fixture.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(RemoteFileTest, SendsNothingBeforeAByteIsWanted) {
  Serve(1000);
  EXPECT_EQ(*file_->Size(), 1000U);
  EXPECT_EQ(transport_.count(), 0U);
}

TEST_F(RemoteFileTest, ASmallFileComesWholeWithTheFirstRequest) {
  Serve(kMiB);
  EXPECT_EQ(Read(0, 16), content_.substr(0, 16));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kMiB}));
  EXPECT_TRUE(ReadsRight(0, kMiB));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, ASmallFileIsAskedForToItsLastByteOnly) {
  Serve(1000);
  EXPECT_TRUE(Read(0, 1000) == content_);
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 1000}));
}

TEST_F(RemoteFileTest, OfALargeFileTheBeginningComesFirst) {
  Serve(kMiB + 1);
  EXPECT_EQ(Read(0, 16), content_.substr(0, 16));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kFirst}));
  EXPECT_TRUE(ReadsRight(0, kFirst));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, TheFirstRequestIsWiderOnceOnly) {
  Serve(4 * kMiB);
  Read(0, 16);
  cache_.Clear();
  EXPECT_TRUE(ReadsRight(0, 16));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kFirst}, ByteRange{0, kBlock}));
}

TEST_F(RemoteFileTest, ALargeFirstReadIsOneRequest) {
  Serve(4 * kMiB);
  EXPECT_TRUE(ReadsRight(0, 300 * kKiB));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 300 * kKiB}));
}

TEST_F(RemoteFileTest, RequestsGoToTheFilesAddress) {
  Serve(1000);
  Read(0, 1);
  EXPECT_EQ(transport_.last().url.ToString(), "https://demo.example/output/x.tiff");
  EXPECT_EQ(transport_.last().method, "GET");
  EXPECT_GE(transport_.last().max_body, 1000U);
}

TEST_F(RemoteFileTest, NoMoreThan16GiBAreTakenInPlaceOfAPartWhateverTheApiSays) {
  for (const auto size :
       {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(1ULL << 60)}) {
    Serve(1000);
    RemoteFile file(transport_, cache_,
                    FileVersion{MakeUrl("https://demo.example/x"), size, "2021", "output 'x'"});
    char byte = 0;
    static_cast<void>(file.Read(0, 1, &byte, nullptr));
    EXPECT_EQ(transport_.last().max_body, 16ULL << 30);
  }
}

TEST_F(RemoteFileTest, AWindowCostsItsBlocksAndNothingElse) {
  Serve(4 * kMiB);
  EXPECT_EQ(Read(2 * kMiB + 10, 100), content_.substr(2 * kMiB + 10, 100));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{2 * kMiB, kBlock}));
}

TEST_F(RemoteFileTest, AReadAcrossBlocksIsOneRequest) {
  Serve(4 * kMiB);
  EXPECT_EQ(Read(kMiB - 10, 20), content_.substr(kMiB - 10, 20));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{kMiB - kBlock, 2 * kBlock}));
}

TEST_F(RemoteFileTest, CachedBytesCostNoRequest) {
  Serve(4 * kMiB);
  Read(kMiB, 100);
  EXPECT_TRUE(ReadsRight(kMiB + 3000, 300));
  EXPECT_TRUE(ReadsRight(kMiB + kBlock - 1, 1));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, OnlyMissingBlocksAreAskedFor) {
  Serve(4 * kMiB);
  Read(kMiB + 2 * kBlock, kGap + kBlock);
  EXPECT_TRUE(ReadsRight(kMiB, kGap + 6 * kBlock));
  EXPECT_THAT(Asked(),
              ElementsAre(ByteRange{kMiB + 2 * kBlock, kGap + kBlock}, ByteRange{kMiB, 2 * kBlock},
                          ByteRange{kMiB + kGap + 3 * kBlock, 3 * kBlock}));
}

TEST_F(RemoteFileTest, LittleThatIsThereDoesNotSplitARequestInTwo) {
  Serve(4 * kMiB);
  Read(kMiB + 2 * kBlock, kGap);
  EXPECT_TRUE(ReadsRight(kMiB, kGap + 6 * kBlock));
  EXPECT_THAT(Asked(),
              ElementsAre(ByteRange{kMiB + 2 * kBlock, kGap}, ByteRange{kMiB, kGap + 6 * kBlock}));
}

TEST_F(RemoteFileTest, DroppedBlocksAreAskedForAgain) {
  Serve(4 * kMiB);
  Read(kMiB, 1);
  cache_.Clear();
  EXPECT_EQ(Read(kMiB, 10), content_.substr(kMiB, 10));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(RemoteFileTest, ReadsCorrectlyWithACacheOfNoBytes) {
  cache_.SetCapacity(0);
  Serve(4 * kMiB);
  EXPECT_TRUE(ReadsRight(100, kMiB));
  EXPECT_EQ(cache_.used(), 0U);
}

TEST_F(RemoteFileTest, AReadThatIsVeryLongIsCutIntoSeveralRequests) {
  Serve(10 * kMiB);
  EXPECT_TRUE(Read(0, 10 * kMiB) == content_);
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 4 * kMiB}, ByteRange{4 * kMiB, 4 * kMiB},
                                   ByteRange{8 * kMiB, 2 * kMiB}));
}

TEST_F(RemoteFileTest, ReadsEndWithTheFile) {
  Serve(kBlock + 100);
  EXPECT_EQ(Read(kBlock + 90, 1000), content_.substr(kBlock + 90));
  EXPECT_EQ(Read(kBlock + 100, 10), "");
  EXPECT_EQ(Read(UINT64_MAX - 5, 10), "");
  EXPECT_EQ(Read(5, 0), "");
}

TEST_F(RemoteFileTest, EveryOffsetAndSizeGivesTheFilesBytes) {
  constexpr std::uint64_t kChunk = Body::kChunk;
  for (const bool is_cached : {true, false}) {
    cache_.SetCapacity(is_cached ? kMiB : 0);
    Serve(3 * kChunk + 7);
    for (const std::uint64_t offset :
         {std::uint64_t{0}, kBlock - 1, kBlock, kBlock + 1, kChunk - 1, kChunk, kChunk + 1,
          3 * kChunk - 1, 3 * kChunk, 3 * kChunk + 6})
      for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{7}, kBlock - 1, kBlock,
                                       2 * kBlock + 1, kChunk + 1, 3 * kChunk})
        EXPECT_TRUE(ReadsRight(offset, size)) << offset << "+" << size;
  }
}

TEST_F(RemoteFileTest, TheEndOfAZipComesInOneRequest) {
  Serve(5 * kMiB, "/output/x.ZIP");
  const std::uint64_t end = content_.size();
  EXPECT_TRUE(ReadsRight(end - 22, 22));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{end - 128 * kKiB, 128 * kKiB}));
  EXPECT_TRUE(ReadsRight(end - 65557, 65557));
  EXPECT_TRUE(ReadsRight(end - 100 * kKiB, 50 * kKiB));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, WhatIsBeforeAZipsEndIsReadAsInAnyFile) {
  Serve(5 * kMiB, "/output/x.zip");
  EXPECT_TRUE(ReadsRight(3 * kMiB, 100));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{3 * kMiB, kBlock}));
}

TEST_F(RemoteFileTest, TheEndOfAnotherFileIsReadAsItIsAskedFor) {
  Serve(5 * kMiB, "/output/zip");
  EXPECT_TRUE(ReadsRight(5 * kMiB - 22, 22));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{5 * kMiB - kBlock, kBlock}));
}

TEST_F(RemoteFileTest, ThreadsThatReadTheSameShareOneRequest) {
  Serve(8 * kMiB);
  transport_.Hold();
  std::atomic<int> begun{0};
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      ++begun;
      right += ReadsRight(kMiB, 100);
    });
  }
  transport_.AwaitWaiting(1);
  // Those that come late find the block in the cache; either way nobody asks twice.
  while (begun < 6) std::this_thread::yield();
  transport_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 6);
  EXPECT_EQ(transport_.count(), 1U);
  EXPECT_EQ(cache_.used(), Body::kChunk) << "and the cache has it once";
}

TEST_F(RemoteFileTest, AReadOfAPartOfWhatIsOnItsWayAsksForTheRestOnly) {
  Serve(8 * kMiB);
  transport_.Hold();
  std::atomic<int> right{0};
  std::thread first([&] { right += ReadsRight(kMiB, 4 * kBlock); });
  transport_.AwaitWaiting(1);
  std::thread second([&] { right += ReadsRight(kMiB + 2 * kBlock, 6 * kBlock); });
  while (transport_.count() < 2) std::this_thread::yield();
  transport_.Release();
  first.join();
  second.join();
  EXPECT_EQ(right, 2);
  EXPECT_THAT(Asked(),
              ElementsAre(ByteRange{kMiB, 4 * kBlock}, ByteRange{kMiB + 4 * kBlock, 4 * kBlock}));
}

TEST_F(RemoteFileTest, ThreadsThatReadAcrossEachOtherGetTheirOwnBytes) {
  cache_.SetCapacity(4 * Body::kChunk);
  Serve(2 * kMiB);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      ReadAhead own(kMiB);
      for (std::uint64_t i = 0; i < 40; ++i) {
        const std::uint64_t at = (thread * 7919 + i * 104729) % (2 * kMiB - 200000);
        wrong += !ReadsRight(at, 100000, thread % 2 == 0 ? &own : nullptr);
      }
      file_->GiveUp(own);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(cache_.used(), 4 * Body::kChunk);
}

TEST_F(RemoteFileTest, TwoFilesDoNotShareBlocks) {
  Serve(1000);
  const std::string first = Read(0, 10);
  const std::string other(1000, 'z');
  transport_.AnswerBy(FakeFile{other});
  RemoteFile second(transport_, cache_, file_->version());
  char got[10];
  ASSERT_TRUE(second.Read(0, 10, got, nullptr));
  EXPECT_EQ(std::string(got, 10), "zzzzzzzzzz");
  EXPECT_EQ(Read(0, 10), first);
}

}  // namespace
}  // namespace s2c
