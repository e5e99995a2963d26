// SPDX-License-Identifier: MIT
#include "client/http/body.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_file.h"

namespace s2c {
namespace {

using testing_support::Pattern;

constexpr std::size_t kChunk = Body::kChunk;

// The first `size` bytes, as a reader sees them.
std::string BytesOf(const Body& body, std::size_t size) {
  std::string bytes;
  for (std::size_t at = 0; at < size; at += kChunk)
    bytes.append(body.chunk(at / kChunk).get(), std::min(kChunk, size - at));
  return bytes;
}

TEST(Body, IsEmptyAtFirst) {
  const Body body(100);
  EXPECT_EQ(body.size(), 0U);
  EXPECT_EQ(body.capacity(), 100U);
}

TEST(Body, HoldsWhatIsAppendedAcrossChunks) {
  const std::string content = Pattern(3 * kChunk + 1000);
  for (const std::size_t step :
       {std::size_t{1000}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk + 7, content.size()}) {
    Body body(content.size());
    for (std::size_t at = 0; at < content.size(); at += step) {
      const std::size_t size = std::min(step, content.size() - at);
      ASSERT_TRUE(body.Append(content.data() + at, size));
      ASSERT_EQ(body.size(), at + size);
    }
    EXPECT_TRUE(BytesOf(body, body.size()) == content) << "in steps of " << step;
  }
}

TEST(Body, TakesAsMuchAsItsCapacityAndNoByteMore) {
  const std::string content = Pattern(kChunk + 10);
  Body body(content.size());
  EXPECT_FALSE(body.Append(content.data(), content.size() + 1));
  EXPECT_EQ(body.size(), 0U);
  ASSERT_TRUE(body.Append(content.data(), content.size() - 1));
  EXPECT_FALSE(body.Append(content.data(), 2));
  EXPECT_EQ(body.size(), content.size() - 1) << "nothing is appended where not all fits";
  ASSERT_TRUE(body.Append(&content.back(), 1));
  EXPECT_FALSE(body.Append("x", 1));
  EXPECT_TRUE(BytesOf(body, body.size()) == content);
}

TEST(Body, OfNoBytesTakesNothing) {
  Body body(0);
  EXPECT_TRUE(body.Append("", 0));
  EXPECT_FALSE(body.Append("x", 1));
}

TEST(Body, TakesMemoryOnlyForWhatArrives) {
  Body body(10 * kChunk);
  ASSERT_TRUE(body.Append("x", 1));
  EXPECT_TRUE(body.chunk(0));
  for (std::size_t i = 1; i < 10; ++i) EXPECT_FALSE(body.chunk(i)) << i;
}

TEST(Body, UsesChunksAgain) {
  const std::string content = Pattern(kChunk);
  const char* before = nullptr;
  {
    Body body(kChunk);
    ASSERT_TRUE(body.Append(content.data(), kChunk));
    before = body.chunk(0).get();
  }
  Body body(kChunk);
  ASSERT_TRUE(body.Append("x", 1));
  EXPECT_EQ(body.chunk(0).get(), before);
}

TEST(Body, AChunkThatIsHeldIsNotUsedAgain) {
  const std::string content = Pattern(kChunk);
  Body::Chunk held;
  {
    Body body(kChunk);
    ASSERT_TRUE(body.Append(content.data(), kChunk));
    held = body.chunk(0);
  }
  const std::string other(4 * kChunk, 'z');
  Body body(other.size());
  ASSERT_TRUE(body.Append(other.data(), other.size()));
  EXPECT_TRUE(std::string(held.get(), kChunk) == content);
}

TEST(Body, MoreChunksThanAreKeptComeAndGo) {
  const std::string content = Pattern(kChunk);
  constexpr std::size_t kMany = (std::size_t{16} << 20) / kChunk;
  for (int round = 0; round < 2; ++round) {
    std::vector<std::unique_ptr<Body>> bodies;
    for (std::size_t i = 0; i < kMany; ++i) {
      bodies.push_back(std::make_unique<Body>(kChunk));
      ASSERT_TRUE(bodies.back()->Append(content.data(), kChunk));
    }
    for (const auto& body : bodies) ASSERT_TRUE(BytesOf(*body, kChunk) == content);
  }
}

// One thread appends and others read what is there: for ThreadSanitizer above all.
TEST(Body, IsReadWhileItGrows) {
  const std::string content = Pattern(20 * kChunk + 123);
  Body body(content.size());
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (std::size_t seen = 0; seen < content.size(); std::this_thread::yield()) {
        const std::size_t size = body.size();
        for (; seen < size; ++seen)
          wrong += body.chunk(seen / kChunk)[static_cast<std::ptrdiff_t>(seen % kChunk)] !=
                   content[seen];
      }
    });
  }
  for (std::size_t at = 0, step = 1; at < content.size(); at += step, step = step % 20000 + 777) {
    step = std::min(step, content.size() - at);
    EXPECT_TRUE(body.Append(content.data() + at, step));
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace s2c
