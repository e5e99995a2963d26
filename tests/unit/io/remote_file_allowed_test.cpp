// SPDX-License-Identifier: MIT
// Answers that RFC 9110 allows, though they are not what was asked for (issue 10).
#include <gmock/gmock.h>

#include <random>

#include "client/http/byte_ranges.h"
#include "tests/unit/io/remote_file_fixture.h"
#include "tests/unit/support/fake_clock.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing_support::Answer;
using testing_support::ContentRangeText;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::FakeFile;
using testing_support::kBlock;
using testing_support::kKiB;
using testing_support::kMiB;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::RemoteFileTest;

class AllowedAnswers : public RemoteFileTest {
 protected:
  // Answers with other bytes than were asked for.
  template <class Choose>
  void ServeInstead(Choose choose) {
    transport_.AnswerBy([this, choose](const Request& request) -> Result<Response> {
      Request instead = request;
      instead.range = choose(*request.range);
      return FakeFile{content_}(instead);
    });
  }

  // These headers with each answer, one set after the other.
  void ServeWith(const std::vector<Headers>& sets) {
    transport_.AnswerBy([this, sets, next = std::size_t{0}](const Request& request) mutable {
      Result<Response> answer = FakeFile{content_, ""}(request);
      const Headers& headers = sets[next++ % sets.size()];
      answer->headers.insert(answer->headers.begin(), headers.begin(), headers.end());
      return answer;
    });
  }
  // Reads in three requests.
  std::string ReadsThrice() {
    for (const std::uint64_t at : {std::uint64_t{0}, kMiB, 2 * kMiB}) {
      const std::string got = Read(at, 100);
      if (got != content_.substr(static_cast<std::size_t>(at), 100)) return got;
    }
    return "right";
  }
};

TEST_F(AllowedAnswers, FewerBytesThanAskedForAreTakenAndTheRestIsAskedFor) {
  for (const std::uint64_t most : {kBlock, 3 * kBlock + 5, 64 * kKiB, 700 * kKiB}) {
    // Some hundred answers are enough of the smallest: ThreadSanitizer is slow with them.
    Serve((most < 64 * kKiB ? kMiB + 256 * kKiB : 3 * kMiB) + 123);
    ServeInstead([most](ByteRange range) {
      range.size = std::min(range.size, most);
      return range;
    });
    EXPECT_TRUE(ReadsRight(0, content_.size())) << most;
    EXPECT_TRUE(ReadsRight(kMiB + 7, 100000)) << most;
    const std::uint64_t last = content_.size() - 23;
    EXPECT_EQ(ReadParts({{5, 10}, {kMiB, 5000}, {last, 23}}), "");
    EXPECT_EQ(got_[1], content_.substr(kMiB, 5000));
    EXPECT_EQ(got_[2], content_.substr(last));
  }
}

TEST_F(AllowedAnswers, AsMuchAsNeededIsAskedForAgainAndNoMore) {
  Serve(kMiB);
  ServeInstead([](ByteRange range) {
    range.size = std::min(range.size, 256 * kKiB);
    return range;
  });
  EXPECT_TRUE(ReadsRight(0, content_.size()));
  EXPECT_EQ(transport_.count(), 4U);
}

TEST_F(AllowedAnswers, LessThanABlockAtATimeIsAnErrorAndNoEndlessLoop) {
  Serve(kMiB);
  ServeInstead([](ByteRange range) { return ByteRange{range.offset, 1000}; });
  EXPECT_THAT(Read(0, 100000), HasSubstr("sends less than 4096 bytes at a time"));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(AllowedAnswers, MoreBytesThanAskedForAreTaken) {
  for (const std::uint64_t grain : {10000ULL, 65536ULL, 1ULL << 30}) {
    Serve(3 * kMiB + 123);
    ServeInstead([&, grain](const ByteRange& range) {
      const std::uint64_t first = range.offset / grain * grain;
      return ByteRange{first, std::min<std::uint64_t>((range.end() + grain - 1) / grain * grain,
                                                      content_.size()) -
                                  first};
    });
    EXPECT_TRUE(ReadsRight(2 * kMiB + 5, 100)) << grain;
    EXPECT_TRUE(ReadsRight(0, content_.size())) << grain;
  }
}

TEST_F(AllowedAnswers, BytesFromElsewhereAreRefused) {
  for (const std::uint64_t away : {1ULL, 5000ULL, 1ULL << 20}) {
    Serve(3 * kMiB);
    ServeInstead([away](ByteRange range) {
      range.offset += away;
      return range;
    });
    EXPECT_THAT(Read(0, 100), HasSubstr("sent other bytes")) << away;
    EXPECT_THAT(Read(kMiB, 100), HasSubstr("sent other bytes")) << away;
  }
}

TEST_F(AllowedAnswers, MoreThanTheFileCouldHoldIsRefused) {
  Serve(3 * kMiB);
  transport_.AnswerBy([](const Request&) -> Result<Response> {
    return Answer(206, std::string(100000, 'x'), {{"content-range", "bytes 0-9999/3145728"}});
  });
  EXPECT_THAT(Read(0, 100), HasSubstr("longer than the 10000 bytes"));
}

constexpr const char* kOld = "Mon, 26 Jul 2021 10:00:00 GMT";
constexpr const char* kDate = "Tue, 27 Jul 2021 10:00:00 GMT";

TEST_F(AllowedAnswers, AWeakEtagOfTheSameTextIsTheSameVersion) {
  Serve(3 * kMiB);
  ServeWith({{{"etag", "\"x\""}}, {{"etag", "W/\"x\""}}});
  EXPECT_EQ(ReadsThrice(), "right");
  Serve(3 * kMiB);
  ServeWith({{{"etag", "W/\"x\""}}, {{"etag", "\"x\""}}});
  EXPECT_EQ(ReadsThrice(), "right");
}

TEST_F(AllowedAnswers, EtagsThatAlternateAreOneVersionWhereTheTimeIsTheSame) {
  for (const Headers& date : {Headers{{"date", kDate}}, Headers{}}) {
    Headers one = {{"etag", "\"a\""}, {"last-modified", kOld}};
    Headers other = {{"etag", "\"b\""}, {"last-modified", kOld}};
    one.insert(one.end(), date.begin(), date.end());
    other.insert(other.end(), date.begin(), date.end());
    Serve(3 * kMiB);
    ServeWith({one, other});
    EXPECT_EQ(ReadsThrice(), "right");
  }
}

TEST_F(AllowedAnswers, AnotherEtagIsAnotherVersionWhereTheTimeDiffersOrIsNotTold) {
  const char* const later = "Mon, 26 Jul 2021 10:00:01 GMT";
  const std::vector<Headers> others = {
      {{"etag", "\"b\""}, {"date", kDate}},
      {{"etag", "\"b\""}, {"last-modified", later}, {"date", kDate}}};
  for (const Headers& other : others) {
    Serve(3 * kMiB);
    ServeWith({{{"etag", "\"a\""}, {"last-modified", kOld}, {"date", kDate}}, other});
    EXPECT_THAT(ReadsThrice(), HasSubstr("was changed on the server"));
    Serve(3 * kMiB);
    ServeWith({other, {{"etag", "\"a\""}, {"last-modified", kOld}, {"date", kDate}}});
    EXPECT_THAT(ReadsThrice(), HasSubstr("was changed on the server"));
  }
}

// A file that is written twice within a second has one time of change (RFC 9110, 8.8.2.2).
TEST_F(AllowedAnswers, ATimeThatIsNotOverTellsNothing) {
  Serve(3 * kMiB);
  ServeWith({{{"etag", "\"a\""}, {"last-modified", kOld}, {"date", kOld}},
             {{"etag", "\"b\""}, {"last-modified", kOld}, {"date", kDate}}});
  EXPECT_THAT(ReadsThrice(), HasSubstr("was changed on the server"));
}

TEST_F(AllowedAnswers, AnotherTimeIsAnotherVersionWhereThereAreNoEtags) {
  Serve(3 * kMiB);
  ServeWith({{{"last-modified", kOld}, {"date", kDate}}, {{"last-modified", kDate}}});
  EXPECT_THAT(ReadsThrice(), HasSubstr("was changed on the server"));
}

TEST_F(AllowedAnswers, WhatIsOpenedAgainIsHeldToTheSame) {
  const Headers first = {{"etag", "\"a\""}, {"last-modified", kOld}, {"date", kDate}};
  const Headers same = {{"etag", "W/\"b\""}, {"last-modified", kOld}, {"date", kDate}};
  const Headers other = {{"etag", "\"b\""}, {"date", kDate}};
  Serve(3 * kMiB);
  ServeWith({first});
  ASSERT_EQ(ReadsThrice(), "right");
  const FileVersion seen = file_->SeenVersion();
  EXPECT_TRUE(file_->Serves(seen.validator));
  for (const auto& [headers, message] :
       {std::pair{same, ""}, std::pair{other, "was changed on the server"}}) {
    ServeWith({headers});
    RemoteFile again(transport_, cache_, seen);
    EXPECT_THAT(MessageOf(again.Prepare()), HasSubstr(message));
  }
}

TEST_F(AllowedAnswers, AMissingFileIsAskedForAgainAfterSomeSecondsOnly) {
  FakeClock clock;
  RemoteFile file(transport_, cache_,
                  FileVersion{MakeUrl("https://demo.example/x"), 1000, "2021", "output 'x'"}, true,
                  clock);
  transport_.AnswerBy([](const Request&) { return Answer(404); });
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(ErrorOf(file.Prepare()), FailsWith(ErrorKind::kNotFound, HasSubstr("rerun")));
  EXPECT_EQ(transport_.count(), 1U);
  clock.Advance(std::chrono::seconds(10));
  content_ = testing_support::Pattern(1000);
  transport_.AnswerBy(FakeFile{content_});
  EXPECT_EQ(MessageOf(file.Prepare()), "");
}

// Tiles of 8 KiB, each asked for alone; returns how many were read wrong.
int ReadTiles(RemoteFile& file, const std::string& content,
              const std::vector<std::uint64_t>& tiles) {
  int wrong = 0;
  for (const std::uint64_t tile : tiles) {
    std::string got(8 * kKiB, '?');
    const auto done = file.Read(tile * 8 * kKiB + 400, got.size(), got.data(), nullptr);
    wrong += !done || got != content.substr(tile * 8 * kKiB + 400, got.size());
  }
  return wrong;
}

std::vector<std::uint64_t> Shuffled(std::uint64_t count) {
  std::vector<std::uint64_t> tiles(count);
  for (std::uint64_t i = 0; i < count; ++i) tiles[i] = i;
  std::shuffle(tiles.begin(), tiles.end(), std::mt19937(1));
  return tiles;
}

TEST_F(AllowedAnswers, TilesOutOfOrderAreFetchedTogetherOnceTheyAreMany) {
  constexpr std::uint64_t kTiles = 2444;
  Serve(kTiles * 8 * kKiB + kKiB);
  EXPECT_EQ(ReadTiles(*file_, content_, Shuffled(kTiles)), 0);
  EXPECT_THAT(transport_.count(), Le(700U));
  EXPECT_THAT(BytesAsked(), Le(content_.size() * 11 / 10));
}

TEST_F(AllowedAnswers, SomeTilesOfALargeFileCostWhatTheyAre) {
  Serve(40 * kMiB);
  std::vector<std::uint64_t> tiles = Shuffled(5000);
  tiles.resize(200);
  EXPECT_EQ(ReadTiles(*file_, content_, tiles), 0);
  EXPECT_THAT(BytesAsked(), Le(200 * 3 * kBlock + 64 * kKiB));
}

TEST_F(AllowedAnswers, NothingComesAlongThatTheCacheWouldNotKeep) {
  Serve(8 * kMiB);
  cache_.SetCapacity(4 * kMiB);
  EXPECT_EQ(ReadTiles(*file_, content_, Shuffled(1000)), 0);
  EXPECT_THAT(BytesAsked(), Le(1000 * 3 * kBlock + 64 * kKiB));
}

}  // namespace
}  // namespace s2c
