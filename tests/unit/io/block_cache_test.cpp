// SPDX-License-Identifier: MIT
#include "client/io/block_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace s2c {
namespace {

Block Bytes(std::size_t size, char fill = 'x') {
  return std::make_shared<const std::string>(size, fill);
}

TEST(BlockCache, GivesBackWhatWasPut) {
  BlockCache cache(100);
  const Block block = Bytes(10);
  cache.Put({1, 2}, block);
  EXPECT_EQ(cache.Get({1, 2}), block);
}

TEST(BlockCache, TellsFilesAndBlocksApart) {
  BlockCache cache(100);
  cache.Put({1, 2}, Bytes(10));
  EXPECT_EQ(cache.Get({2, 1}), nullptr);
  EXPECT_EQ(cache.Get({1, 3}), nullptr);
  EXPECT_EQ(cache.Get({2, 2}), nullptr);
}

TEST(BlockCache, CountsBytes) {
  BlockCache cache(100);
  cache.Put({1, 1}, Bytes(10));
  cache.Put({1, 2}, Bytes(25));
  EXPECT_EQ(cache.used(), 35U);
}

TEST(BlockCache, DropsTheLeastRecentlyUsed) {
  BlockCache cache(30);
  for (std::uint64_t i = 1; i <= 3; ++i) cache.Put({1, i}, Bytes(10));
  EXPECT_NE(cache.Get({1, 1}), nullptr);  // which makes 2 the oldest
  cache.Put({1, 4}, Bytes(10));
  EXPECT_EQ(cache.Get({1, 2}), nullptr);
  EXPECT_NE(cache.Get({1, 1}), nullptr);
  EXPECT_NE(cache.Get({1, 3}), nullptr);
  EXPECT_NE(cache.Get({1, 4}), nullptr);
  EXPECT_EQ(cache.used(), 30U);
}

TEST(BlockCache, IsBoundedByBytesNotByBlocks) {
  BlockCache cache(100);
  for (std::uint64_t i = 0; i < 100; ++i) cache.Put({1, i}, Bytes(1));
  EXPECT_EQ(cache.used(), 100U);
  EXPECT_NE(cache.Get({1, 0}), nullptr);
  cache.Put({2, 0}, Bytes(90));
  EXPECT_EQ(cache.used(), 100U);
  EXPECT_NE(cache.Get({2, 0}), nullptr);
}

TEST(BlockCache, ReplacesABlock) {
  BlockCache cache(100);
  cache.Put({1, 1}, Bytes(40, 'a'));
  cache.Put({1, 1}, Bytes(15, 'b'));
  EXPECT_EQ(*cache.Get({1, 1}), std::string(15, 'b'));
  EXPECT_EQ(cache.used(), 15U);
}

TEST(BlockCache, ReplacingABlockMakesItTheLatest) {
  BlockCache cache(20);
  cache.Put({1, 1}, Bytes(10));
  cache.Put({1, 2}, Bytes(10));
  cache.Put({1, 1}, Bytes(10));
  cache.Put({1, 3}, Bytes(10));
  EXPECT_NE(cache.Get({1, 1}), nullptr);
  EXPECT_EQ(cache.Get({1, 2}), nullptr);
}

TEST(BlockCache, KeepsNoBlockLargerThanItself) {
  BlockCache cache(10);
  cache.Put({1, 1}, Bytes(11));
  EXPECT_EQ(cache.Get({1, 1}), nullptr);
  EXPECT_EQ(cache.used(), 0U);
}

TEST(BlockCache, OfNoBytesKeepsNothing) {
  BlockCache cache(0);
  cache.Put({1, 1}, Bytes(1));
  EXPECT_EQ(cache.Get({1, 1}), nullptr);
}

TEST(BlockCache, ShrinksWithItsCapacity) {
  BlockCache cache(100);
  for (std::uint64_t i = 0; i < 10; ++i) cache.Put({1, i}, Bytes(10));
  cache.SetCapacity(35);
  EXPECT_EQ(cache.used(), 30U);
  EXPECT_EQ(cache.Get({1, 6}), nullptr);
  EXPECT_NE(cache.Get({1, 7}), nullptr);
  cache.SetCapacity(40);
  cache.Put({1, 20}, Bytes(10));
  EXPECT_EQ(cache.used(), 40U);
}

TEST(BlockCache, ABlockThatIsHeldLivesOn) {
  BlockCache cache(10);
  cache.Put({1, 1}, Bytes(10, 'a'));
  const Block held = cache.Get({1, 1});
  cache.Put({1, 2}, Bytes(10, 'b'));
  EXPECT_EQ(cache.Get({1, 1}), nullptr);
  EXPECT_EQ(*held, std::string(10, 'a'));
}

TEST(BlockCache, ClearDropsAll) {
  BlockCache cache(100);
  cache.Put({1, 1}, Bytes(10));
  cache.Clear();
  EXPECT_EQ(cache.Get({1, 1}), nullptr);
  EXPECT_EQ(cache.used(), 0U);
  cache.Put({1, 1}, Bytes(10));
  EXPECT_EQ(cache.used(), 10U);
}

TEST(BlockCache, StaysWithinItsBoundsForManyThreads) {
  BlockCache cache(1000);
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&cache, thread] {
      for (std::uint64_t i = 0; i < 500; ++i) {
        cache.Put({thread % 3, i % 40}, Bytes(10 + i % 7, static_cast<char>('a' + i % 40 % 26)));
        const Block block = cache.Get({(thread + 1) % 3, i % 40});
        EXPECT_TRUE(!block || block->front() == static_cast<char>('a' + i % 40 % 26));
        if (i % 100 == 0) cache.SetCapacity(800 + i % 3 * 100);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.used(), 1000U);
  EXPECT_GT(cache.used(), 0U);
}

}  // namespace
}  // namespace s2c
