// SPDX-License-Identifier: MIT
#include "driver/many/open_sources.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/unit/support/test_mount.h"

namespace s2c {
namespace {

// Without a file of its own: what is opened is a raster in memory, which is counted.
std::vector<SourcePtr> MakeSources(std::size_t count) {
  const std::unique_ptr<Mount> mount = testing_support::MakeMount();
  auto settings = std::make_shared<RasterSettings>();
  settings->native_crs = true;
  std::vector<SourcePtr> sources;
  for (std::size_t i = 0; i < count; ++i)
    sources.push_back(std::make_shared<Source>(*mount->session(), mount->inference(), 0, settings));
  return sources;
}

class Counted final : public GDALDataset {
 public:
  explicit Counted(std::atomic<int>& open) : open_(open) { ++open_; }
  ~Counted() override { --open_; }

 private:
  std::atomic<int>& open_;
};

class CountedSources final : public OpenSources {
 public:
  explicit CountedSources(std::size_t count) : OpenSources(MakeSources(count), 1 << 20) {}

  std::set<std::size_t> broken;
  std::vector<std::size_t> opened;
  std::atomic<int> open{0};
  std::atomic<int> most{0};

 protected:
  std::unique_ptr<GDALDataset> OpenOne(std::size_t source) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    opened.push_back(source);
    if (broken.count(source) > 0) {
      CPLError(CE_Failure, CPLE_AppDefined, "source %d is broken", static_cast<int>(source));
      return nullptr;
    }
    auto made = std::make_unique<Counted>(open);
    most = std::max(most.load(), open.load());
    return made;
  }

 private:
  std::mutex mutex_;
};

class Quiet : public testing::Test {
 protected:
  Quiet() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~Quiet() override { CPLPopErrorHandler(); }
};
using OpenSourcesTest = Quiet;

TEST_F(OpenSourcesTest, NoMoreThanSomeAreOpenAtATime) {
  CountedSources sources(500);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 500; ++i) {
      ASSERT_NE(sources.Take(i), nullptr);
      sources.GiveBack(i);
    }
  }
  EXPECT_EQ(sources.most, static_cast<int>(OpenSources::kMostOpen));
  EXPECT_EQ(sources.opened.size(), 1000U);
}

TEST_F(OpenSourcesTest, WhatWasUsedLastStaysOpen) {
  CountedSources sources(200);
  for (std::size_t i = 1; i < 200; ++i) {
    for (const std::size_t source : {std::size_t{0}, i}) {
      sources.Take(source);
      sources.GiveBack(source);
    }
  }
  EXPECT_EQ(std::count(sources.opened.begin(), sources.opened.end(), 0U), 1);
}

TEST_F(OpenSourcesTest, WhatIsInUseIsNotClosed) {
  CountedSources sources(200);
  GDALDataset* const first = sources.Take(0);
  for (std::size_t i = 1; i < 200; ++i) {
    sources.Take(i);
    sources.GiveBack(i);
  }
  EXPECT_EQ(sources.Take(0), first);
  sources.GiveBack(0);
  sources.GiveBack(0);
}

TEST_F(OpenSourcesTest, OneThreadAtATimeHasASource) {
  CountedSources sources(3);
  std::atomic<int> inside{0};
  std::atomic<bool> has_met{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        sources.Take(1);
        if (++inside > 1) has_met = true;
        --inside;
        sources.GiveBack(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(has_met);
}

TEST_F(OpenSourcesTest, WhatIsExpectedIsOpenedBeforeItIsTaken) {
  CountedSources sources(100);
  std::vector<SourceRead> reads(100);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    reads[i].source = 99 - i;
    reads[i].bands = {1};
  }
  sources.Expect(reads);
  EXPECT_EQ(sources.opened.size(), 32U);
  EXPECT_EQ(sources.opened.front(), 99U);
  sources.Take(99);
  sources.GiveBack(99);
  sources.Take(98);
  sources.GiveBack(98);
  EXPECT_EQ(sources.opened.size(), 33U);
  EXPECT_EQ(sources.opened.back(), 67U);
}

TEST_F(OpenSourcesTest, ABrokenOneIsToldByWhoReadsItAndNotBefore) {
  CountedSources sources(3);
  sources.broken = {1};
  std::vector<SourceRead> reads(3);
  for (std::size_t i = 0; i < reads.size(); ++i) reads[i] = {i, {1}, 0, 0, 1, 1, 1, 1};
  CPLErrorReset();
  sources.Expect(reads);
  EXPECT_STREQ(CPLGetLastErrorMsg(), "");
  EXPECT_EQ(sources.Take(1), nullptr);
  EXPECT_STREQ(CPLGetLastErrorMsg(), "source 1 is broken");
}

TEST_F(OpenSourcesTest, AFailureIsOneWhateverTheCallSays) {
  CountedSources sources(1);
  EXPECT_TRUE(sources.Watch([] { return true; }));
  EXPECT_FALSE(sources.Watch([] { return false; }));
  CPLErrorReset();
  const bool outcome = sources.Watch([&] {
    // As in a thread of GDAL's, whose errors nobody hears.
    std::thread([&] {
      CPLError(CE_Failure, CPLE_AppDefined, "the bytes did not come");
      sources.AddFailure();
    }).join();
    return true;
  });
  EXPECT_FALSE(outcome);
  EXPECT_STREQ(CPLGetLastErrorMsg(), "the bytes did not come");
}

}  // namespace
}  // namespace s2c
