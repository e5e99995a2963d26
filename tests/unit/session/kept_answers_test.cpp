// SPDX-License-Identifier: MIT
#include "client/kept_answers.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::Optional;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

const std::string kText("some bytes\n\0\xFF and more", 23);

class KeepingAnswers : public testing::Test {
 protected:
  // The file of the only thing that is kept.
  std::string File() const {
    std::string names = TextOfNames();
    return folder_ / ("answers/" + names);
  }
  std::string TextOfNames() const {
    std::string command_free;
    for (unsigned number = 0; number < KeptAnswers::kMost; ++number) {
      char name[16];
      std::snprintf(name, sizeof(name), "%03x.kept", number);
      if (ReadText(folder_ / (std::string("answers/") + name)) != "(none)") command_free += name;
    }
    return command_free;
  }

  TemporaryFolder folder_;
  KeptAnswers answers_{folder_ / "answers"};
};

TEST_F(KeepingAnswers, GivesThemToTheNext) {
  answers_.Keep("a key", kText);
  answers_.Keep("another", "");
  EXPECT_THAT(KeptAnswers(folder_ / "answers").Find("a key"), Optional(kText));
  EXPECT_THAT(answers_.Find("another"), Optional(std::string()));
  EXPECT_EQ(answers_.Find("a third"), std::nullopt);
  EXPECT_EQ(ModeOf(folder_ / "answers"), 0700U);
}

TEST_F(KeepingAnswers, WritesNothingWhereThereIsNoFolder) {
  const KeptAnswers none("");
  none.Keep("a key", kText);
  EXPECT_EQ(none.Find("a key"), std::nullopt);
  EXPECT_FALSE(none.keeps());
}

TEST_F(KeepingAnswers, ReplacesAndDrops) {
  answers_.Keep("a key", "first");
  answers_.Keep("a key", "second");
  EXPECT_THAT(answers_.Find("a key"), Optional(std::string("second")));
  answers_.Drop("a key");
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
  answers_.Drop("a key");
}

TEST_F(KeepingAnswers, WritesNothingWhereItIsKeptAlready) {
  answers_.Keep("a key", kText);
  // Who could be written would lose this.
  std::filesystem::create_hard_link(File(), folder_ / "second");
  answers_.Keep("a key", kText);
  EXPECT_THAT(answers_.Find("a key"), Optional(kText));
}

TEST_F(KeepingAnswers, IsBoundedHoweverManyThereAre) {
  for (int i = 0; i < 3000; ++i) answers_.Keep("key " + std::to_string(i), std::to_string(i));
  int found = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto text = answers_.Find("key " + std::to_string(i));
    if (!text) continue;
    EXPECT_EQ(*text, std::to_string(i));
    ++found;
  }
  EXPECT_GT(found, 700);
  EXPECT_EQ(*KeptAnswers::Clear(folder_ / "answers"), static_cast<std::size_t>(found));
  EXPECT_EQ(answers_.Find("key 2999"), std::nullopt);
}

TEST_F(KeepingAnswers, LeavesOutWhatIsTooLarge) {
  const std::string largest(KeptAnswers::kLargest, 'x');
  answers_.Keep("a key", largest + "x");
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
  answers_.Keep("a key", largest);
  EXPECT_THAT(answers_.Find("a key"), Optional(largest));
  answers_.Keep(std::string(5000, 'k'), "x");
  EXPECT_EQ(answers_.Find(std::string(5000, 'k')), std::nullopt);
}

TEST_F(KeepingAnswers, BelievesNoFileThatIsNotWhole) {
  answers_.Keep("a key", kText);
  const std::string whole = ReadText(File());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    WriteText(File(), whole.substr(0, i));
    EXPECT_EQ(answers_.Find("a key"), std::nullopt) << "cut at " << i;
    std::string changed = whole;
    changed[i] ^= 1;
    WriteText(File(), changed);
    EXPECT_EQ(answers_.Find("a key"), std::nullopt) << "changed at " << i;
  }
  WriteText(File(), whole + "x");
  EXPECT_EQ(answers_.Find("a key"), std::nullopt) << "longer";
  WriteText(File(), whole);
  EXPECT_THAT(answers_.Find("a key"), Optional(kText));
}

TEST_F(KeepingAnswers, BelievesNoFileOfAnotherFormat) {
  answers_.Keep("a key", kText);
  const std::string whole = ReadText(File());
  const std::size_t end = whole.find('\n');
  WriteText(File(), "gdal_S2C answer 0" + whole.substr(end));
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
  answers_.Keep("a key", kText);
  EXPECT_EQ(ReadText(File()), whole);
}

TEST_F(KeepingAnswers, BelievesNoFileThatOthersCanRead) {
  answers_.Keep("a key", kText);
  SetMode(File(), 0644);
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
  SetMode(File(), 0600);
  EXPECT_THAT(answers_.Find("a key"), Optional(kText));
  if (GiveAway(File())) {
    EXPECT_EQ(answers_.Find("a key"), std::nullopt);
  }
}

TEST_F(KeepingAnswers, WritesIntoNoFolderThatIsOpenToOthers) {
  answers_.Keep("a key", kText);
  answers_.Drop("a key");
  SetMode(folder_ / "answers", 0755);
  answers_.Keep("a key", kText);
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
}

TEST_F(KeepingAnswers, OnAFullDiskKeepsNothing) {
  const FullDisk full(100);
  answers_.Keep("a key", std::string(1000, 'x'));
  EXPECT_EQ(answers_.Find("a key"), std::nullopt);
}

// In place, so that a reader may come while one writes, or two write at once.
TEST_F(KeepingAnswers, GivesOneOfThoseThatWereWrittenAtOnceOrNone) {
  const std::string texts[] = {std::string(200000, 'a'), std::string(150000, 'b')};
  std::atomic<bool> ends{false};
  std::vector<std::thread> writers;
  for (const std::string& text : texts)
    writers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) answers_.Keep("a key", text);
    });
  std::thread reader([&] {
    while (!ends) {
      const auto found = answers_.Find("a key");
      if (found && *found != texts[0] && *found != texts[1]) ADD_FAILURE() << "a mixture";
    }
  });
  for (std::thread& writer : writers) writer.join();
  ends = true;
  reader.join();
}

TEST(ClearingAnswers, OfAFolderThatIsNotThereIsNoFailure) {
  const TemporaryFolder folder;
  EXPECT_EQ(*KeptAnswers::Clear(folder / "no"), 0U);
}

TEST(ClearingAnswers, LeavesWhatIsNotIts) {
  const TemporaryFolder folder;
  KeptAnswers(folder.path()).Keep("a key", "x");
  WriteText(folder / "login.json", "{}");
  WriteText(folder / "abcd.kept", "{}");
  EXPECT_EQ(*KeptAnswers::Clear(folder.path()), 1U);
  EXPECT_EQ(folder.Names(), "abcd.kept login.json");
}

}  // namespace
}  // namespace s2c
