// SPDX-License-Identifier: MIT
#include "client/io/kept_beginning.h"

#include "tests/unit/io/remote_file_fixture.h"

namespace s2c {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kTime = "Thu, 01 Jul 2021 10:00:00 GMT";

class AKeptBeginning : public RemoteFileTest {
 protected:
  KeptBeginning Kept(std::size_t size, const std::string& etag = "\"v1\"") {
    return {etag, {{"content-type", "image/tiff"}, {"etag", etag}}, content_.substr(0, size)};
  }
  void Expect(const KeptBeginning& kept) {
    file_->Expect([this, kept] {
      ++looks_;
      return kept;
    });
  }
  // A server that sends nothing where the client has the version that it has.
  void AnswerConditions(const std::string& etag = "\"v1\"", const std::string& said = "\"v1\"") {
    transport_.AnswerBy([this, etag, said](const Request& request) -> Result<Response> {
      for (const auto& [name, value] : request.headers) {
        if (name == "If-None-Match" && value == etag) return Answer(304, "", {{"etag", said}});
      }
      return FakeFile{content_, etag}(request);
    });
  }

  int looks_ = 0;
};

TEST_F(AKeptBeginning, ServesWhereTheServerSaysThatItIsStillTheFiles) {
  Serve(100 * kKiB);
  AnswerConditions();
  Expect(Kept(100 * kKiB));
  EXPECT_TRUE(ReadsRight(0, 1000));
  EXPECT_TRUE(ReadsRight(50000, 50 * kKiB));
  ASSERT_EQ(transport_.count(), 1U);
  EXPECT_THAT(transport_.last().headers, ElementsAre(Pair("If-None-Match", "\"v1\"")));
  EXPECT_EQ(file_->SeenVersion().validator, "\"v1\"");
  EXPECT_THAT(file_->KnownHeaders(), Contains(Pair("content-type", "image/tiff")));
}

TEST_F(AKeptBeginning, OfALargeFileIsItsHeader) {
  Serve(5 * kMiB);
  AnswerConditions();
  Expect(Kept(kFirst));
  EXPECT_TRUE(ReadsRight(100, 1000));
  EXPECT_TRUE(ReadsRight(3 * kMiB, 1000));
  EXPECT_EQ(transport_.count(), 2U);
  EXPECT_THAT(transport_.last().headers, IsEmpty());
}

TEST_F(AKeptBeginning, GivesWayToWhatTheServerHasNow) {
  Serve(100 * kKiB);
  KeptBeginning old = Kept(100 * kKiB, "\"v0\"");
  old.bytes.assign(old.bytes.size(), 'o');
  AnswerConditions();
  Expect(old);
  EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(AKeptBeginning, IsNotBelievedWhereTheServerMeansAnother) {
  Serve(100 * kKiB);
  KeptBeginning old = Kept(100 * kKiB);
  old.bytes.assign(old.bytes.size(), 'o');
  AnswerConditions("\"v1\"", "\"v2\"");
  Expect(old);
  EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
  EXPECT_EQ(transport_.count(), 2U);
  EXPECT_THAT(transport_.last().headers, IsEmpty());
}

// A server that keeps no ETags says 304 of whatever is no newer, as of a file from a backup.
TEST_F(AKeptBeginning, IsNotBelievedWhereTheServerRepeatsNothingOfIt) {
  Serve(100 * kKiB);
  KeptBeginning old = Kept(100 * kKiB);
  old.bytes.assign(old.bytes.size(), 'o');
  KeptBeginning by_time = old;
  by_time.validator = std::string("\n") + kTime;
  by_time.headers = {{"last-modified", kTime}};
  for (const KeptBeginning& kept : {old, by_time}) {
    Serve(100 * kKiB);
    transport_.AnswerBy([this](const Request& request) -> Result<Response> {
      if (!request.headers.empty()) return Answer(304, "");
      return FakeFile{content_, "\"v1\""}(request);
    });
    Expect(kept);
    EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
    EXPECT_THAT(transport_.last().headers, IsEmpty());
  }
}

TEST_F(AKeptBeginning, IsGivenUpWhereAServerTakesNoConditions) {
  for (const int status : {400, 412, 416, 501}) {
    Serve(100 * kKiB);
    transport_.AnswerBy([&](const Request& request) -> Result<Response> {
      if (!request.headers.empty()) return Answer(status, "");
      return FakeFile{content_, "\"v1\""}(request);
    });
    Expect(Kept(100 * kKiB));
    EXPECT_TRUE(ReadsRight(0, 100 * kKiB)) << status;
  }
}

// One thread reads the beginning, another one behind it, and the other's answer is taken first.
TEST_F(AKeptBeginning, ServesThoughTheServerHasAnsweredForAnotherRangeBefore) {
  Serve(5 * kMiB);
  AnswerConditions();
  Expect(Kept(kFirst));
  file_->FetchBeginning();
  EXPECT_TRUE(ReadsRight(3 * kMiB, 1000));
  EXPECT_TRUE(ReadsRight(0, 1000));
  EXPECT_EQ(transport_.count(), 2U);
}

TEST_F(AKeptBeginning, IsNotLookedForWhereSomethingElseIsRead) {
  Serve(5 * kMiB);
  Expect(Kept(kFirst));
  EXPECT_EQ(looks_, 0);
  EXPECT_TRUE(ReadsRight(3 * kMiB, 1000));
  EXPECT_EQ(looks_, 0);
}

TEST_F(AKeptBeginning, OfAFileOfManyIsNeitherLookedForNorTaken) {
  Serve(100 * kKiB);
  Expect(Kept(100 * kKiB));
  file_->KeepNothing();
  EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
  EXPECT_EQ(looks_, 0);
  EXPECT_FALSE(file_->TakeBeginning(kMiB));
}

TEST_F(AKeptBeginning, IsNotBelievedWhereAReaderIsHeldToAnotherVersion) {
  Serve(100 * kKiB);
  FileVersion held = file_->version();
  held.validator = "\"v2\"";
  file_ = std::make_unique<RemoteFile>(transport_, cache_, held);
  AnswerConditions();
  Expect(Kept(100 * kKiB));
  EXPECT_THAT(Read(0, 10), testing::HasSubstr("was changed on the server"));
}

TEST_F(AKeptBeginning, IsAskedAboutByTimeAsWell) {
  Serve(100 * kKiB);
  KeptBeginning kept = Kept(100 * kKiB);
  kept.validator += std::string("\n") + kTime;
  kept.headers.emplace_back("last-modified", kTime);
  AnswerConditions();
  Expect(kept);
  EXPECT_TRUE(ReadsRight(0, 100));
  EXPECT_THAT(transport_.last().headers,
              ElementsAre(Pair("If-None-Match", "\"v1\""), Pair("If-Modified-Since", kTime)));
}

TEST_F(AKeptBeginning, ThatCouldBeOfAnotherVersionIsNotAskedAbout) {
  Serve(100 * kKiB);
  KeptBeginning nameless = Kept(100 * kKiB, "");
  KeptBeginning too_new = Kept(100 * kKiB);
  too_new.validator += std::string("\n~") + kTime;
  const KeptBeginning unsendable = Kept(100 * kKiB, "\"v\t1\"");
  const KeptBeginning weak = Kept(100 * kKiB, "W/\"v1\"");
  for (const KeptBeginning& kept :
       {nameless, too_new, unsendable, weak, Kept(99 * kKiB), Kept(0)}) {
    Serve(100 * kKiB);
    Expect(kept);
    EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
    EXPECT_THAT(transport_.last().headers, IsEmpty());
  }
}

TEST_F(AKeptBeginning, IsAllOfTheFirstAnswer) {
  Serve(100 * kKiB);
  EXPECT_FALSE(file_->TakeBeginning(kMiB));
  EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
  EXPECT_FALSE(file_->TakeBeginning(100 * kKiB - 1));
  const auto taken = file_->TakeBeginning(kMiB);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->bytes == content_);
  EXPECT_EQ(taken->validator, "\"v1\"");
  EXPECT_THAT(taken->headers, Contains(Pair("etag", "\"v1\"")));
  EXPECT_FALSE(file_->TakeBeginning(kMiB)) << "it was taken";
}

TEST_F(AKeptBeginning, IsNotTakenWhileItArrives) {
  Serve(100 * kKiB);
  transport_.LetThrough(10 * kKiB);
  EXPECT_TRUE(ReadsRight(0, 100));
  EXPECT_FALSE(file_->TakeBeginning(kMiB));
  transport_.Release();
}

TEST_F(AKeptBeginning, IsNotTakenWhereTheServerSaysNothingThatTellsItFromOthers) {
  for (const Headers& said : {Headers{}, Headers{{"last-modified", kTime}, {"date", kTime}}}) {
    Serve(100 * kKiB);
    transport_.AnswerBy([&](const Request& request) -> Result<Response> {
      auto answer = FakeFile{content_, ""}(request);
      answer->headers.insert(answer->headers.end(), said.begin(), said.end());
      return answer;
    });
    EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
    EXPECT_FALSE(file_->TakeBeginning(kMiB));
  }
}

TEST_F(AKeptBeginning, IsNotTakenAgainWhereItCameFromThere) {
  Serve(100 * kKiB);
  AnswerConditions();
  Expect(Kept(100 * kKiB));
  EXPECT_TRUE(ReadsRight(0, 100));
  EXPECT_FALSE(file_->TakeBeginning(kMiB));
}

TEST_F(AKeptBeginning, IsFetchedWithoutWaitingForIt) {
  Serve(100 * kKiB);
  transport_.Hold();
  file_->FetchBeginning();
  EXPECT_THAT(Asked(), ElementsAre(ByteRange{0, 100 * kKiB}));
  transport_.Release();
  EXPECT_TRUE(ReadsRight(0, 100 * kKiB));
  file_->FetchBeginning();
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(AKeptBeginning, ThatNobodyWantsAnyMoreIsCancelled) {
  Serve(100 * kKiB);
  transport_.Hold();
  file_->FetchBeginning();
  file_.reset();
  EXPECT_EQ(transport_.cancelled(), 1U);
  transport_.Release();
}

}  // namespace
}  // namespace s2c
