// SPDX-License-Identifier: MIT
// remote_file.h's reads of several ranges at once, and what is advised to be read.
#include <thread>

#include "tests/unit/io/remote_file_fixture.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class Parts : public RemoteFileTest {
 protected:
  void ExpectRight(const std::vector<ByteRange>& ranges, ReadAhead* ahead = nullptr) {
    EXPECT_EQ(ReadParts(ranges, ahead), "");
    for (std::size_t i = 0; i < ranges.size(); ++i)
      EXPECT_TRUE(got_[i] == content_.substr(static_cast<std::size_t>(ranges[i].offset),
                                             static_cast<std::size_t>(ranges[i].size)))
          << i;
  }
};

TEST_F(Parts, AreReadWithNeighboursInOneRequest) {
  Serve(8 * kMiB);
  ExpectRight({{5 * kMiB, 10},
               {kMiB + 100, 50},
               {kMiB + kBlock, 2 * kBlock},
               {kMiB + 120, 5},
               {5 * kMiB + 20, 0}});
  EXPECT_THAT(Asked(),
              UnorderedElementsAre(ByteRange{kMiB, 3 * kBlock}, ByteRange{5 * kMiB, kBlock}));
}

TEST_F(Parts, AcrossALittleGapAreOneRequestAndAcrossALargerOneTwo) {
  Serve(8 * kMiB);
  ExpectRight({{kMiB, 10}, {kMiB + kBlock + kGap, 10}});
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{kMiB, kGap + 2 * kBlock}));
  ExpectRight({{3 * kMiB, 10}, {3 * kMiB + 2 * kBlock + kGap, 10}});
  EXPECT_EQ(transport_.count(), 3U);
  EXPECT_EQ(BytesAsked(), kGap + 4 * kBlock);
}

TEST_F(Parts, OneByOneWhereNeighboursAreNotToBeMerged) {
  Serve(8 * kMiB, "/x", false);
  ExpectRight({{kMiB, kBlock}, {kMiB + kBlock, kBlock}, {kMiB + 2 * kBlock, 10}});
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{kMiB, kBlock}, ByteRange{kMiB + kBlock, kBlock},
                                   ByteRange{kMiB + 2 * kBlock, kBlock}));
}

TEST_F(Parts, OfOneBlockAreOneRequestEvenSo) {
  Serve(8 * kMiB, "/x", false);
  ExpectRight({{kMiB + 10, 10}, {kMiB + 100, 100}, {kMiB + 50, 2 * kBlock}});
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{kMiB, kBlock}, ByteRange{kMiB + kBlock, 2 * kBlock}));
}

TEST_F(Parts, AreAllOnTheirWayBeforeAnyIsWaitedFor) {
  for (const bool merge : {true, false}) {
    Serve(8 * kMiB, "/x", merge);
    const std::size_t before = transport_.count();
    transport_.Hold();
    std::thread reader([&] { ExpectRight({{kMiB, 10}, {3 * kMiB, 10}, {5 * kMiB, 10}}); });
    transport_.AwaitWaiting(1);
    EXPECT_EQ(transport_.count(), before + 3);
    transport_.Release();
    reader.join();
  }
}

TEST_F(Parts, TakeWhatIsCached) {
  Serve(8 * kMiB);
  Read(3 * kMiB, 1);
  ExpectRight({{3 * kMiB + 5, 10}});
  ExpectRight({});
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Parts, BeyondTheEndAreAnErrorAndNoBytes) {
  Serve(1000);
  Read(0, 1);
  EXPECT_THAT(ReadParts({{990, 11}}), HasSubstr("beyond the end"));
  EXPECT_THAT(ReadParts({{1001, 0}}), HasSubstr("beyond the end"));
  EXPECT_THAT(ReadParts({{5, UINT64_C(1) << 20}}), HasSubstr("beyond the end"));
  EXPECT_EQ(ReadParts({{990, 10}, {1000, 0}}), "");
}

TEST_F(Parts, OfWhichOneBeginsBeyondTheEndAreAnErrorToo) {
  Serve(1000);
  EXPECT_NE(ReadParts({{5 * kMiB, 10}}), "");
  EXPECT_EQ(got_[0], "??????????");
  EXPECT_EQ(transport_.count(), 0U);
}

TEST_F(Parts, AFailureCancelsTheOthers) {
  Serve(8 * kMiB);
  ASSERT_TRUE(ReadsRight(0, 1));
  transport_.Then(Answer(503));
  EXPECT_THAT(ReadParts({{kMiB, 10}, {3 * kMiB, 10}, {5 * kMiB, 10}}), HasSubstr("HTTP 503"));
  EXPECT_EQ(transport_.cancelled(), 2U);
  ExpectRight({{kMiB, 10}, {3 * kMiB, 10}, {5 * kMiB, 10}});
}

TEST_F(Parts, AReaderOfScatteredPartsGetsThemAndNothingElse) {
  Serve(32 * kMiB);
  ReadAhead ahead(8 * kMiB);
  for (std::uint64_t i = 0; i < 10; ++i)
    ExpectRight({{(2 * i + 1) * kMiB, 3 * kBlock}, {(2 * i + 2) * kMiB, kBlock}}, &ahead);
  EXPECT_EQ(transport_.count(), 20U);
  EXPECT_EQ(BytesAsked(), 40 * kBlock);
}

TEST_F(Parts, ThatGoOnAreReadAhead) {
  Serve(32 * kMiB);
  ReadAhead ahead(8 * kMiB);
  ExpectRight({{0, 3 * kMiB}, {3 * kMiB, 3 * kMiB}}, &ahead);
  const auto end_of = [](const ByteRange& a, const ByteRange& b) { return a.end() < b.end(); };
  auto asked = Asked();
  EXPECT_EQ(std::max_element(asked.begin(), asked.end(), end_of)->end(), 14 * kMiB);
  ExpectRight({{6 * kMiB, 3 * kMiB}, {9 * kMiB, 3 * kMiB}}, &ahead);
  asked = Asked();
  EXPECT_EQ(std::max_element(asked.begin(), asked.end(), end_of)->end(), 20 * kMiB);
  EXPECT_EQ(BytesAsked(), 20 * kMiB) << "no byte twice";
}

class Advice : public Parts {
 protected:
  void SetUp() override {
    Serve(32 * kMiB);
    ASSERT_TRUE(ReadsRight(0, 1));
    before_ = transport_.count();
  }
  std::vector<ByteRange> AskedSince() const {
    const auto asked = Asked();
    return {asked.begin() + static_cast<std::ptrdiff_t>(before_), asked.end()};
  }

  std::size_t before_ = 0;
  ReadAhead ahead_{8 * kMiB};
};

TEST_F(Advice, BeginsToFetchAndWaitsForNothing) {
  transport_.Hold();
  file_->Advise({{kMiB, 10}, {3 * kMiB, kBlock}, {kMiB + kBlock, 5}}, 8 * kMiB, ahead_);
  EXPECT_THAT(AskedSince(),
              UnorderedElementsAre(ByteRange{kMiB, 2 * kBlock}, ByteRange{3 * kMiB, kBlock}));
  transport_.Release();
  EXPECT_TRUE(ReadsRight(kMiB, 10));
  EXPECT_TRUE(ReadsRight(kMiB + kBlock, 5));
  EXPECT_TRUE(ReadsRight(3 * kMiB, kBlock));
  EXPECT_EQ(AskedSince().size(), 2U);
}

TEST_F(Advice, IsTakenUpToItsLimit) {
  file_->Advise({{kMiB, kMiB}, {4 * kMiB, kMiB}, {8 * kMiB, 1}, {10 * kMiB, kMiB}}, 2 * kMiB,
                ahead_);
  EXPECT_THAT(AskedSince(), ElementsAre(ByteRange{kMiB, kMiB}, ByteRange{4 * kMiB, kMiB}));
}

TEST_F(Advice, BeyondTheEndOfTheFileIsLeftOut) {
  file_->Advise({{32 * kMiB, 10}, {UINT64_MAX - 5, 3}, {32 * kMiB - 10, 100}}, kMiB, ahead_);
  EXPECT_THAT(AskedSince(), ElementsAre(ByteRange{32 * kMiB - kBlock, kBlock}));
}

TEST_F(Advice, OfWhatIsThereOrOnItsWayCostsNothing) {
  file_->Advise({{kMiB, kBlock}}, kMiB, ahead_);
  file_->Advise({{kMiB, kBlock}, {0, 100}}, kMiB, ahead_);
  ASSERT_TRUE(ReadsRight(kMiB, 10));
  file_->Advise({{kMiB, kBlock}}, kMiB, ahead_);
  EXPECT_EQ(AskedSince().size(), 1U);
}

TEST_F(Advice, HoldsForAReaderWhoJumpsFromOneToTheNext) {
  file_->Advise({{kMiB, 10}, {4 * kMiB, 10}, {8 * kMiB, 10}}, kMiB, ahead_);
  for (const std::uint64_t at : {kMiB, 4 * kMiB, 8 * kMiB})
    EXPECT_TRUE(ReadsRight(at, 10, &ahead_));
  EXPECT_EQ(AskedSince().size(), 3U) << "nothing is asked for twice";
  EXPECT_EQ(transport_.cancelled(), 0U);
}

TEST_F(Advice, HoldsForAReaderOfScatteredParts) {
  file_->Advise({{kMiB, 10}, {4 * kMiB, 10}, {8 * kMiB, 10}, {12 * kMiB, 10}}, kMiB, ahead_);
  ExpectRight({{kMiB, 10}, {4 * kMiB, 10}}, &ahead_);
  ExpectRight({{8 * kMiB, 10}, {12 * kMiB, 10}}, &ahead_);
  EXPECT_EQ(AskedSince().size(), 4U) << "nothing is asked for twice";
}

TEST_F(Advice, IsGivenUpWithItsReader) {
  transport_.Hold();
  file_->Advise({{kMiB, 10}, {4 * kMiB, 10}}, kMiB, ahead_);
  file_->GiveUp(ahead_);
  EXPECT_EQ(transport_.cancelled(), 2U);
  transport_.Release();
  EXPECT_TRUE(ReadsRight(kMiB, 10));
  EXPECT_EQ(AskedSince().size(), 3U);
}

TEST_F(Advice, BeforeTheSizeIsKnownIsIgnored) {
  FileVersion version = file_->version();
  version.size.reset();
  file_ = std::make_unique<RemoteFile>(transport_, cache_, version);
  file_->Advise({{kMiB, 10}}, kMiB, ahead_);
  EXPECT_THAT(AskedSince(), IsEmpty());
}

}  // namespace
}  // namespace s2c
