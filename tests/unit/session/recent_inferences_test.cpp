// SPDX-License-Identifier: MIT
#include "client/recent_inferences.h"

#include <gtest/gtest.h>

#include "tests/unit/support/fake_clock.h"

namespace s2c {
namespace {

using testing_support::FakeClock;

Inference Of(std::int64_t id, const Text& status = "SUCCEEDED", const Text& finished = "then") {
  Inference inference;
  inference.id = id;
  inference.status = status;
  inference.timestamp_finished = finished;
  return inference;
}

InferencePtr Resolved(const Inference& inference) {
  auto resolved = std::make_shared<ResolvedInference>();
  resolved->inference = inference;
  return resolved;
}

InferencePtr Resolved(std::int64_t id) { return Resolved(Of(id)); }

class Recent : public testing::Test {
 protected:
  // "existence", "files", "all" or "nothing": the most that is known.
  std::string Known(std::int64_t id) const {
    if (recent_.Find(id, Detail::kAll)) return "all";
    if (recent_.Find(id, Detail::kFiles)) return "files";
    return recent_.Find(id, Detail::kExistence) ? "existence" : "nothing";
  }

  FakeClock clock_;
  RecentInferences recent_{clock_};
};

TEST_F(Recent, IsWhatWasRememberedWithAsMuchDetail) {
  recent_.Remember(Resolved(1), Detail::kExistence);
  recent_.Remember(Resolved(2), Detail::kFiles);
  recent_.Remember(Resolved(3), Detail::kAll);
  EXPECT_EQ(Known(1), "existence");
  EXPECT_EQ(Known(2), "files");
  EXPECT_EQ(Known(3), "all");
  EXPECT_EQ(Known(4), "nothing");
}

TEST_F(Recent, EndsAfterSomeSeconds) {
  recent_.Remember(Resolved(1), Detail::kAll);
  clock_.Advance(std::chrono::milliseconds(4900));
  EXPECT_EQ(Known(1), "all");
  clock_.Advance(std::chrono::milliseconds(100));
  EXPECT_EQ(Known(1), "nothing");
}

TEST_F(Recent, EndsSoonerForARunThatGoesOn) {
  recent_.Remember(Resolved(Of(1, "STARTED", std::nullopt)), Detail::kAll);
  recent_.RememberText(Of(1, "STARTED", std::nullopt), "one");
  clock_.Advance(std::chrono::milliseconds(900));
  EXPECT_EQ(Known(1), "all");
  EXPECT_TRUE(recent_.FindText(1));
  clock_.Advance(std::chrono::milliseconds(100));
  EXPECT_EQ(Known(1), "existence") << "it is there as long as any other";
  EXPECT_FALSE(recent_.FindText(1));
  clock_.Advance(std::chrono::seconds(4));
  EXPECT_EQ(Known(1), "nothing");
}

TEST_F(Recent, IsDroppedWhenAListShowsAnotherRun) {
  for (const Inference& other :
       {Of(1, "STARTED", "then"), Of(1, "SUCCEEDED", "now"), Of(1, "CREATED", std::nullopt)}) {
    recent_.Remember(Resolved(1), Detail::kAll);
    recent_.RememberText(Of(1), "one");
    recent_.Remember(Resolved(other), Detail::kFiles);
    EXPECT_EQ(recent_.Find(1, Detail::kAll), nullptr);
    EXPECT_FALSE(recent_.FindText(1));
    recent_.Forget(1);
  }
}

TEST_F(Recent, IsNotDroppedByAListThatDoesNotTellTheStatus) {
  recent_.Remember(Resolved(1), Detail::kAll);
  recent_.Remember(Resolved(Of(1, std::nullopt)), Detail::kExistence);
  EXPECT_EQ(Known(1), "all");
  recent_.Remember(Resolved(Of(1, std::nullopt, "now")), Detail::kExistence);
  EXPECT_EQ(Known(1), "existence");
}

TEST_F(Recent, IsDroppedByWhatIsSeenOfAnotherRunAlone) {
  recent_.Remember(Resolved(1), Detail::kAll);
  recent_.See({1, std::nullopt, std::nullopt});
  recent_.See({1, Text("SUCCEEDED"), Text("then")});
  recent_.See({2, Text("STARTED"), std::nullopt});
  EXPECT_EQ(Known(1), "all");
  recent_.See({1, Text("STARTED"), std::nullopt});
  EXPECT_EQ(Known(1), "nothing");
  recent_.Remember(Resolved(1), Detail::kAll);
  recent_.See({1, std::nullopt, Text()});
  EXPECT_EQ(Known(1), "nothing") << "the time is there, and null";
}

TEST_F(Recent, IsForgottenWithItsDocument) {
  recent_.Remember(Resolved(1), Detail::kAll);
  recent_.Remember(Resolved(2), Detail::kAll);
  recent_.RememberText(Of(1), "one");
  const std::uint64_t before = recent_.forgotten();
  recent_.Forget(1);
  EXPECT_NE(recent_.forgotten(), before);
  EXPECT_EQ(Known(1), "nothing");
  EXPECT_FALSE(recent_.FindText(1));
  EXPECT_EQ(Known(2), "all");
}

TEST_F(Recent, IsNotMadeLessByAListThatTellsLess) {
  recent_.Remember(Resolved(1), Detail::kAll);
  clock_.Advance(std::chrono::seconds(3));
  recent_.Remember(Resolved(1), Detail::kExistence);
  EXPECT_EQ(Known(1), "all");
  clock_.Advance(std::chrono::seconds(3));
  EXPECT_EQ(Known(1), "nothing") << "what was known has its own age";
  recent_.Remember(Resolved(1), Detail::kExistence);
  EXPECT_EQ(Known(1), "existence");
}

TEST_F(Recent, IsReplacedByAsMuchOrMore) {
  recent_.Remember(Resolved(1), Detail::kExistence);
  clock_.Advance(std::chrono::seconds(3));
  const InferencePtr files = Resolved(1);
  recent_.Remember(files, Detail::kFiles);
  clock_.Advance(std::chrono::seconds(3));
  EXPECT_EQ(recent_.Find(1, Detail::kExistence), files);
  const InferencePtr again = Resolved(1);
  recent_.Remember(again, Detail::kFiles);
  EXPECT_EQ(recent_.Find(1, Detail::kFiles), again);
}

TEST_F(Recent, KeepsTheLatestOfALongList) {
  constexpr auto kMost = static_cast<std::int64_t>(RecentInferences::kMost);
  for (std::int64_t id = 1; id <= 10 * kMost; ++id) {
    recent_.Remember(Resolved(id), Detail::kExistence);
    clock_.Advance(std::chrono::microseconds(1));
  }
  std::int64_t known = 0;
  for (std::int64_t id = 1; id <= 10 * kMost; ++id) known += Known(id) == "nothing" ? 0 : 1;
  EXPECT_LE(known, kMost);
  for (std::int64_t id = 10 * kMost - 1000; id <= 10 * kMost; ++id)
    ASSERT_EQ(Known(id), "existence") << id;
}

TEST_F(Recent, IsBoundedWhileTheClockStands) {
  constexpr auto kMost = static_cast<std::int64_t>(RecentInferences::kMost);
  std::int64_t known = 0;
  for (std::int64_t id = 1; id <= 3 * kMost; ++id)
    recent_.Remember(Resolved(id), Detail::kExistence);
  for (std::int64_t id = 1; id <= 3 * kMost; ++id) known += Known(id) == "nothing" ? 0 : 1;
  EXPECT_LE(known, kMost);
  EXPECT_GE(known, kMost / 2);
  EXPECT_EQ(Known(3 * kMost), "existence");
}

TEST_F(Recent, IsTheTextOfTheLastDocumentAlone) {
  recent_.RememberText(Of(1), "one");
  EXPECT_EQ(recent_.FindText(1), "one");
  EXPECT_FALSE(recent_.FindText(2));
  recent_.RememberText(Of(2), "two");
  EXPECT_FALSE(recent_.FindText(1));
  clock_.Advance(std::chrono::seconds(5));
  EXPECT_FALSE(recent_.FindText(2));
}

}  // namespace
}  // namespace s2c
