// SPDX-License-Identifier: MIT
#include "client/io/block_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_file.h"

namespace s2c {
namespace {

using testing_support::Pattern;

constexpr std::size_t kChunk = Body::kChunk;
constexpr std::size_t kBlock = kBlockSize;

std::shared_ptr<Body> BodyWith(const std::string& content, std::size_t capacity) {
  auto body = std::make_shared<Body>(capacity);
  EXPECT_TRUE(body->Append(content.data(), content.size()));
  return body;
}

BlockRun MakeRun(std::uint64_t first, const std::string& content) {
  return {first, content.size(), BodyWith(content, content.size())};
}

BlockRun MakeRun(std::uint64_t first, std::size_t size, char fill = 'x') {
  return MakeRun(first, std::string(size, fill));
}

// "" for none.
std::string BytesOf(const Block& block) {
  return block ? std::string(block.data(), block.size) : std::string();
}

TEST(BlockRun, GivesItsBlocksAndNoOther) {
  const std::string content = Pattern(kChunk + 2 * kBlock + 100);
  const BlockRun run = MakeRun(7, content);
  EXPECT_EQ(run.count(), 7U);
  EXPECT_TRUE(run.IsWhole());
  for (std::uint64_t i = 0; i < 7; ++i)
    EXPECT_TRUE(BytesOf(run.Get(7 + i)) == content.substr(i * kBlock, kBlock)) << i;
  EXPECT_EQ(run.Get(13).size, 100U);
  for (const std::uint64_t other :
       {std::uint64_t{0}, std::uint64_t{6}, std::uint64_t{14}, UINT64_MAX})
    EXPECT_FALSE(run.Get(other)) << other;
}

TEST(BlockRun, GivesABlockOnceAllOfItIsThere) {
  const std::string content = Pattern(2 * kBlock + 10);
  const auto body = BodyWith(content.substr(0, kBlock - 1), content.size());
  const BlockRun run{3, content.size(), body};
  EXPECT_FALSE(run.Get(3));
  ASSERT_TRUE(body->Append(content.data() + kBlock - 1, 1));
  EXPECT_TRUE(BytesOf(run.Get(3)) == content.substr(0, kBlock));
  EXPECT_FALSE(run.Get(4));
  ASSERT_TRUE(body->Append(content.data() + kBlock, kBlock + 9));
  EXPECT_TRUE(run.Get(4));
  EXPECT_FALSE(run.Get(5)) << "the last byte is missing";
  EXPECT_FALSE(run.IsWhole());
  ASSERT_TRUE(body->Append(&content.back(), 1));
  EXPECT_EQ(BytesOf(run.Get(5)), content.substr(2 * kBlock));
  EXPECT_TRUE(run.IsWhole());
}

TEST(BlockRun, OfNoBytesHasNoBlocks) {
  const BlockRun run = MakeRun(0, 0);
  EXPECT_EQ(run.count(), 0U);
  EXPECT_TRUE(run.IsWhole());
  EXPECT_FALSE(run.Get(0));
}

TEST(BlockCache, GivesBackWhatWasPut) {
  BlockCache cache(4 * kChunk);
  const std::string content = Pattern(kChunk + kBlock + 100);
  cache.Put(1, MakeRun(2, content));
  for (std::uint64_t i = 0; i < 6; ++i)
    EXPECT_TRUE(BytesOf(cache.Get(1, 2 + i)) == content.substr(i * kBlock, kBlock)) << i;
  EXPECT_EQ(cache.Get(1, 7).size, 100U);
}

TEST(BlockCache, TellsFilesAndBlocksApart) {
  BlockCache cache(4 * kChunk);
  cache.Put(1, MakeRun(2, kBlock));
  EXPECT_TRUE(cache.Get(1, 2));
  for (const auto& [file, index] :
       {std::pair<int, int>{2, 1}, {1, 1}, {1, 3}, {2, 2}, {0, 2}, {1, 0}})
    EXPECT_FALSE(cache.Get(file, index)) << file << " " << index;
}

TEST(BlockCache, CountsTheMemoryThatItHolds) {
  BlockCache cache(10 * kChunk);
  cache.Put(1, MakeRun(0, 1));
  EXPECT_EQ(cache.used(), kChunk) << "a chunk is as large as it is, whatever is in it";
  cache.Put(1, MakeRun(10, kChunk));
  EXPECT_EQ(cache.used(), 2 * kChunk);
  cache.Put(2, MakeRun(0, kChunk + 1));
  EXPECT_EQ(cache.used(), 4 * kChunk);
  cache.Put(2, MakeRun(0, 0));
  EXPECT_EQ(cache.used(), 4 * kChunk);
}

TEST(BlockCache, CountsWhatSeveralReadersPutOnce) {
  BlockCache cache(4 * kChunk);
  const BlockRun run = MakeRun(0, 2 * kChunk);
  for (int reader = 0; reader < 8; ++reader) cache.Put(1, run);
  EXPECT_EQ(cache.used(), 2 * kChunk);
  cache.Put(1, MakeRun(100, 2 * kChunk));
  EXPECT_TRUE(cache.Get(1, 0)) << "nothing was pushed out by the same bytes";
  cache.Put(1, run);
  cache.Put(1, MakeRun(200, 2 * kChunk));
  EXPECT_TRUE(cache.Get(1, 0)) << "and what is put again is the latest";
  EXPECT_FALSE(cache.Get(1, 100));
}

TEST(BlockCache, DropsTheLeastRecentlyUsedChunk) {
  BlockCache cache(3 * kChunk);
  for (std::uint64_t i = 0; i < 3; ++i) cache.Put(1, MakeRun(10 * i, kChunk));
  EXPECT_TRUE(cache.Get(1, 3));  // which makes the second the oldest, with all of its blocks
  cache.Put(1, MakeRun(30, kChunk));
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_FALSE(cache.Get(1, 10 + i)) << i;
    EXPECT_TRUE(cache.Get(1, i)) << i;
    EXPECT_TRUE(cache.Get(1, 20 + i)) << i;
    EXPECT_TRUE(cache.Get(1, 30 + i)) << i;
  }
  EXPECT_EQ(cache.used(), 3 * kChunk);
}

TEST(BlockCache, DropsOnlyAsManyChunksAsItMust) {
  BlockCache cache(4 * kChunk);
  cache.Put(1, MakeRun(0, 4 * kChunk));
  cache.Put(2, MakeRun(0, kChunk));
  EXPECT_EQ(cache.used(), 4 * kChunk);
  int dropped = 0;
  for (std::uint64_t i = 0; i < 16; ++i) dropped += !cache.Get(1, i);
  EXPECT_EQ(dropped, 4) << "the blocks of one chunk";
}

TEST(BlockCache, WhereRunsOverlapTheNewerOneServes) {
  BlockCache cache(4 * kChunk);
  cache.Put(1, MakeRun(0, kChunk, 'a'));
  cache.Put(1, MakeRun(2, kChunk, 'b'));
  std::string seen;
  for (std::uint64_t i = 0; i < 6; ++i) seen += BytesOf(cache.Get(1, i)).substr(0, 1);
  EXPECT_EQ(seen, "aabbbb");
  EXPECT_EQ(cache.used(), 2 * kChunk);
}

TEST(BlockCache, AnOlderRunGoesWithoutTheBlocksOfANewerOne) {
  BlockCache cache(2 * kChunk);
  cache.Put(1, MakeRun(0, kChunk, 'a'));
  cache.Put(1, MakeRun(2, kChunk, 'b'));
  cache.Put(2, MakeRun(0, kChunk));
  EXPECT_FALSE(cache.Get(1, 0));
  EXPECT_FALSE(cache.Get(1, 1));
  for (std::uint64_t i = 2; i < 6; ++i) EXPECT_TRUE(cache.Get(1, i)) << i;
}

TEST(BlockCache, ANewerRunGoesAndLeavesTheOlderOnesOwnBlocks) {
  BlockCache cache(2 * kChunk);
  cache.Put(1, MakeRun(0, kChunk, 'a'));
  cache.Put(1, MakeRun(2, kChunk, 'b'));
  EXPECT_TRUE(cache.Get(1, 0));
  cache.Put(2, MakeRun(0, kChunk));
  EXPECT_TRUE(cache.Get(1, 0));
  EXPECT_TRUE(cache.Get(1, 1));
  for (std::uint64_t i = 2; i < 6; ++i) EXPECT_FALSE(cache.Get(1, i)) << i;
  EXPECT_EQ(cache.used(), 2 * kChunk);
}

TEST(BlockCache, KeepsNoRunLargerThanItselfAndNothingIsLostByIt) {
  for (const std::size_t size : {2 * kChunk + 1, 3 * kChunk, 10 * kChunk}) {
    BlockCache cache(2 * kChunk + 1);
    cache.Put(1, MakeRun(0, kChunk));
    cache.Put(2, MakeRun(0, size));
    EXPECT_TRUE(cache.Get(1, 0)) << size;
    EXPECT_FALSE(cache.Get(2, 0)) << size;
    EXPECT_EQ(cache.used(), kChunk) << size;
  }
}

TEST(BlockCache, OfNoBytesKeepsNothing) {
  BlockCache cache(0);
  cache.Put(1, MakeRun(1, 1));
  EXPECT_FALSE(cache.Get(1, 1));
  EXPECT_EQ(cache.used(), 0U);
}

TEST(BlockCache, ShrinksWithItsCapacity) {
  BlockCache cache(10 * kChunk);
  for (std::uint64_t i = 0; i < 10; ++i) cache.Put(1, MakeRun(10 * i, kChunk));
  cache.SetCapacity(3 * kChunk + 1);
  EXPECT_EQ(cache.capacity(), 3 * kChunk + 1);
  EXPECT_EQ(cache.used(), 3 * kChunk);
  EXPECT_FALSE(cache.Get(1, 60));
  EXPECT_TRUE(cache.Get(1, 70));
  cache.SetCapacity(4 * kChunk);
  cache.Put(1, MakeRun(500, kChunk));
  EXPECT_EQ(cache.used(), 4 * kChunk);
}

TEST(BlockCache, ABlockThatIsHeldLivesOn) {
  BlockCache cache(kChunk);
  const std::string content = Pattern(kChunk);
  cache.Put(1, MakeRun(0, content));
  const Block held = cache.Get(1, 1);
  for (std::uint64_t i = 1; i < 20; ++i) cache.Put(1, MakeRun(10 * i, kChunk, 'z'));
  EXPECT_FALSE(cache.Get(1, 1));
  EXPECT_TRUE(BytesOf(held) == content.substr(kBlock, kBlock));
}

TEST(BlockCache, ClearDropsAll) {
  BlockCache cache(4 * kChunk);
  cache.Put(1, MakeRun(0, 2 * kChunk));
  cache.Clear();
  EXPECT_FALSE(cache.Get(1, 0));
  EXPECT_EQ(cache.used(), 0U);
  cache.Put(1, MakeRun(0, kChunk));
  EXPECT_EQ(cache.used(), kChunk);
}

TEST(BlockCache, DropTakesOneFileAndLeavesTheOthers) {
  BlockCache cache(8 * kChunk);
  cache.Put(1, MakeRun(0, 2 * kChunk));
  cache.Put(2, MakeRun(0, kChunk, 'y'));
  cache.Put(1, MakeRun(40, kChunk));
  cache.Drop(1);
  EXPECT_FALSE(cache.Get(1, 0));
  EXPECT_FALSE(cache.Get(1, 40));
  EXPECT_EQ(BytesOf(cache.Get(2, 0)), std::string(kBlock, 'y'));
  EXPECT_EQ(cache.used(), kChunk);
}

TEST(BlockCache, StaysWithinItsBoundsForManyThreads) {
  BlockCache cache(20 * kChunk);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&cache, &wrong, thread] {
      // Each block is known by its first byte, and the runs overlap.
      const auto fill = [](std::uint64_t index) { return static_cast<char>('a' + index % 26); };
      for (std::uint64_t i = 0; i < 200; ++i) {
        std::string content;
        for (std::uint64_t block = i % 40; block < i % 40 + 3 + i % 4; ++block)
          content += std::string(kBlock, fill(block));
        cache.Put(thread % 3, MakeRun(i % 40, content));
        const Block block = cache.Get((thread + 1) % 3, i % 40);
        wrong += block && (block.data()[0] != fill(i % 40) || block.size != kBlock);
        if (i % 50 == 0) cache.SetCapacity((16 + i % 3) * kChunk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(cache.used(), 20 * kChunk);
  EXPECT_GT(cache.used(), 0U);
}

}  // namespace
}  // namespace s2c
