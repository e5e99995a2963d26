// SPDX-License-Identifier: MIT
#include "client/io/remote_file.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {

namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using testing_support::ErrorOf;
using testing_support::FakeFile;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kBlock = 64 * kKiB;

// A file of which the API told the size, on a server that does all as it should.
class RemoteFileTest : public testing::Test {
 protected:
  void Serve(std::size_t size, bool size_is_known = true) {
    content_ = Pattern(size);
    transport_.AnswerBy(FakeFile{content_});
    FileVersion version{MakeUrl("https://demo.example/output/x.tiff"), std::nullopt, "2021",
                        "output 'x' of inference 1"};
    if (size_is_known) version.size = size;
    file_ = std::make_unique<RemoteFile>(transport_, cache_, version);
  }

  // What a read gives, or its error's sentence.
  std::string Read(std::uint64_t offset, std::size_t size, ReadPosition& position) {
    std::string target(size, '?');
    const auto done = file_->Read(offset, size, target.data(), position);
    if (!done) return "failed: " + done.error().message;
    target.resize(*done);
    return target;
  }
  std::string Read(std::uint64_t offset, std::size_t size) {
    ReadPosition elsewhere{UINT64_MAX, 0};
    return Read(offset, size, elsewhere);
  }

  std::vector<ByteRange> Asked() const {
    std::vector<ByteRange> ranges;
    for (const Request& request : transport_.requests()) ranges.push_back(*request.range);
    return ranges;
  }

  std::string content_;
  FakeTransport transport_;
  BlockCache cache_{64 * kMiB};
  std::unique_ptr<RemoteFile> file_;
};

TEST_F(RemoteFileTest, SendsNothingBeforeAByteIsWanted) {
  Serve(1000);
  EXPECT_EQ(*file_->Size(), 1000U);
  EXPECT_EQ(transport_.count(), 0U);
}

TEST_F(RemoteFileTest, ASmallFileComesWholeWithTheFirstRequest) {
  Serve(kMiB);
  EXPECT_EQ(Read(0, 16), content_.substr(0, 16));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, kMiB}));
  EXPECT_TRUE(Read(0, kMiB) == content_);
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
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 128 * kKiB}));
}

TEST_F(RemoteFileTest, ALargeFirstReadIsOneRequest) {
  Serve(4 * kMiB);
  EXPECT_TRUE(Read(0, 300 * kKiB) == content_.substr(0, 300 * kKiB));
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 5 * kBlock}));
}

TEST_F(RemoteFileTest, RequestsGoToTheFilesAddress) {
  Serve(1000);
  Read(0, 1);
  EXPECT_EQ(transport_.last().url.ToString(), "https://demo.example/output/x.tiff");
  EXPECT_EQ(transport_.last().method, "GET");
  EXPECT_GE(transport_.last().max_body, 1000U);
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
  EXPECT_EQ(Read(kMiB + 5000, 300), content_.substr(kMiB + 5000, 300));
  EXPECT_EQ(Read(kMiB + kBlock - 1, 1), content_.substr(kMiB + kBlock - 1, 1));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, OnlyMissingBlocksAreAskedFor) {
  Serve(4 * kMiB);
  Read(kMiB + kBlock, 1);
  EXPECT_TRUE(Read(kMiB, 3 * kBlock) == content_.substr(kMiB, 3 * kBlock));
  EXPECT_THAT(Asked(),
              UnorderedElementsAre(ByteRange{kMiB + kBlock, kBlock}, ByteRange{kMiB, kBlock},
                                   ByteRange{kMiB + 2 * kBlock, kBlock}));
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
  EXPECT_TRUE(Read(100, kMiB) == content_.substr(100, kMiB));
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
  Serve(3 * kBlock + 7);
  for (const std::uint64_t offset : {std::uint64_t{0}, kBlock - 1, kBlock, kBlock + 1, 2 * kBlock,
                                     3 * kBlock - 1, 3 * kBlock, 3 * kBlock + 6})
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{kBlock - 1},
                                   std::size_t{kBlock}, std::size_t{2 * kBlock + 1}})
      EXPECT_TRUE(Read(offset, size) == content_.substr(offset, size)) << offset << "+" << size;
}

TEST_F(RemoteFileTest, ReadAheadGrowsForASequentialReader) {
  Serve(16 * kMiB);
  ReadPosition position;
  for (std::uint64_t at = 0; at < 3 * kMiB; at += kBlock)
    ASSERT_TRUE(Read(at, kBlock, position) == content_.substr(at, kBlock)) << at;
  const auto asked = Asked();
  ASSERT_GE(asked.size(), 4U);
  EXPECT_LT(asked.size(), 12U) << "48 blocks";
  for (std::size_t i = 2; i < asked.size(); ++i)
    EXPECT_GE(asked[i].size, asked[i - 1].size) << "request " << i;
  EXPECT_GT(asked.back().size, 4 * kBlock);
}

TEST_F(RemoteFileTest, ReadAheadIsBounded) {
  Serve(32 * kMiB);
  ReadPosition position;
  for (std::uint64_t at = 0; at < 16 * kMiB; at += kBlock)
    ASSERT_TRUE(Read(at, kBlock, position) == content_.substr(at, kBlock)) << at;
  for (const ByteRange& range : Asked()) EXPECT_LE(range.size, 33 * kBlock);
}

TEST_F(RemoteFileTest, ReadAheadDoesNotGrowForJumps) {
  Serve(16 * kMiB);
  ReadPosition position;
  for (const std::uint64_t block : {40, 80, 20, 120, 60, 22, 100})
    ASSERT_TRUE(Read(block * kBlock, kBlock, position) == content_.substr(block * kBlock, kBlock));
  for (const ByteRange& range : Asked()) EXPECT_EQ(range.size, kBlock);
}

TEST_F(RemoteFileTest, AJumpEndsTheReadAhead) {
  Serve(32 * kMiB);
  ReadPosition position;
  for (std::uint64_t at = 0; at < 2 * kMiB; at += kBlock) Read(at, kBlock, position);
  Read(20 * kMiB, 100, position);
  EXPECT_EQ(Asked().back(), (ByteRange{20 * kMiB, kBlock}));
}

TEST_F(RemoteFileTest, ReadAheadStopsAtTheEndOfTheFile) {
  Serve(2 * kMiB + 100);
  ReadPosition position;
  std::string read;
  for (std::string part; !(part = Read(read.size(), 100000, position)).empty();) read += part;
  EXPECT_TRUE(read == content_);
  EXPECT_EQ(Asked().back().end(), 2 * kMiB + 100);
}

TEST_F(RemoteFileTest, TwoReadersHaveTheirOwnPositions) {
  Serve(32 * kMiB);
  ReadPosition one;
  ReadPosition two;
  for (std::uint64_t at = 0; at < 2 * kMiB; at += kBlock) Read(at, kBlock, one);
  Read(20 * kMiB, kBlock, two);
  EXPECT_EQ(Asked().back(), (ByteRange{20 * kMiB, kBlock}));
  // The first reads ahead as before, once what it has fetched so far is used up.
  const std::size_t before = transport_.count();
  for (std::uint64_t at = 2 * kMiB; transport_.count() == before && at < 8 * kMiB; at += kBlock)
    Read(at, kBlock, one);
  EXPECT_GT(Asked().back().size, 8 * kBlock);
}

// Reads these ranges at once; "" or the error's sentence, and the bytes in `got`.
std::string ReadParts(RemoteFile& file, const std::vector<ByteRange>& ranges,
                      std::vector<std::string>& got) {
  got.clear();
  for (const ByteRange& range : ranges) got.emplace_back(static_cast<std::size_t>(range.size), '?');
  std::vector<ReadPart> parts;
  for (std::size_t i = 0; i < ranges.size(); ++i) parts.push_back({ranges[i], got[i].data()});
  return MessageOf(file.ReadParts(parts));
}

TEST_F(RemoteFileTest, PartsAreReadWithNeighboursInOneRequest) {
  Serve(8 * kMiB);
  const std::vector<ByteRange> ranges = {{5 * kMiB, 10},
                                         {kMiB + 100, 50},
                                         {kMiB + kBlock, 2 * kBlock},
                                         {kMiB + 120, 5},
                                         {5 * kMiB + 20, 0}};
  std::vector<std::string> got;
  EXPECT_EQ(ReadParts(*file_, ranges, got), "");
  for (std::size_t i = 0; i < ranges.size(); ++i)
    EXPECT_TRUE(got[i] == content_.substr(ranges[i].offset, ranges[i].size)) << i;
  EXPECT_THAT(Asked(),
              UnorderedElementsAre(ByteRange{kMiB, 3 * kBlock}, ByteRange{5 * kMiB, kBlock}));
}

TEST_F(RemoteFileTest, PartsAreAllOnTheirWayBeforeAnyIsWaitedFor) {
  Serve(8 * kMiB);
  transport_.Hold();
  std::vector<std::string> got;
  std::string message;
  std::thread reader([&] {
    message = ReadParts(*file_, {{kMiB, 10}, {3 * kMiB, 10}, {5 * kMiB, 10}}, got);
  });
  transport_.AwaitWaiting(1);
  EXPECT_EQ(transport_.count(), 3U);
  transport_.Release();
  reader.join();
  EXPECT_EQ(message, "");
  EXPECT_EQ(got[2], content_.substr(5 * kMiB, 10));
}

TEST_F(RemoteFileTest, PartsTakeWhatIsCached) {
  Serve(8 * kMiB);
  Read(3 * kMiB, 1);
  std::vector<std::string> got;
  EXPECT_EQ(ReadParts(*file_, {{3 * kMiB + 5, 10}}, got), "");
  EXPECT_EQ(got[0], content_.substr(3 * kMiB + 5, 10));
  EXPECT_EQ(ReadParts(*file_, {}, got), "");
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, APartBeyondTheEndIsAnErrorAndNoBytes) {
  Serve(1000);
  Read(0, 1);
  std::vector<std::string> got;
  EXPECT_THAT(ReadParts(*file_, {{990, 11}}, got), testing::HasSubstr("beyond the end"));
}

TEST_F(RemoteFileTest, APartThatBeginsBeyondTheEndIsAnErrorToo) {
  Serve(1000);
  std::vector<std::string> got;
  EXPECT_NE(ReadParts(*file_, {{5 * kMiB, 10}}, got), "");
  EXPECT_EQ(got[0], "??????????");
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
      right += Read(kMiB, 100) == content_.substr(kMiB, 100);
    });
  }
  transport_.AwaitWaiting(1);
  // Those that come late find the block in the cache; either way nobody asks twice.
  while (begun < 6) std::this_thread::yield();
  transport_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 6);
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(RemoteFileTest, ThreadsThatReadAcrossEachOtherGetTheirOwnBytes) {
  cache_.SetCapacity(4 * kBlock);
  Serve(2 * kMiB);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < 40; ++i) {
        const std::uint64_t at = (thread * 7919 + i * 104729) % (2 * kMiB - 200000);
        wrong += Read(at, 100000) != content_.substr(at, 100000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(RemoteFileTest, TwoFilesDoNotShareBlocks) {
  Serve(1000);
  const std::string first = Read(0, 10);
  const std::string other(1000, 'z');
  transport_.AnswerBy(FakeFile{other});
  RemoteFile second(transport_, cache_, file_->version());
  char got[10];
  ReadPosition position;
  ASSERT_TRUE(second.Read(0, 10, got, position));
  EXPECT_EQ(std::string(got, 10), "zzzzzzzzzz");
  EXPECT_EQ(Read(0, 10), first);
}

}  // namespace
}  // namespace s2c
