// SPDX-License-Identifier: MIT
#include "client/inference_listing.h"

#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::MessageOf;
using testing_support::Resource;
using testing_support::ServiceTest;

constexpr const char* kListing = "GET /v1/inference";

class InferenceListingTest : public ServiceTest {
 protected:
  InferenceListing Listing(Detail detail = Detail::kFiles, std::uint64_t limit = 0) {
    return {session_, detail, "", limit};
  }
  static std::vector<std::int64_t> Ids(InferenceListing& listing) {
    std::vector<std::int64_t> ids;
    for (auto next = listing.Next(); next && *next; next = listing.Next())
      ids.push_back((*next)->inference.id);
    return ids;
  }
};

TEST_F(InferenceListingTest, GivesEachInferenceWithItsFiles) {
  When(kListing, List(Resource("inference", "9",
                               R"({"status": "SUCCEEDED", "output": "[{\"name\": \"y\"}]"})") +
                      "," + Inference("7", "FAILED")));
  InferenceListing listing = Listing();
  const auto first = listing.Next();
  ASSERT_EQ(MessageOf(first), "");
  EXPECT_EQ((*first)->inference.id, 9);
  ASSERT_EQ((*first)->inference.outputs.size(), 1U);
  EXPECT_EQ((*first)->inference.outputs[0].name, "y");
  EXPECT_EQ((*listing.Next())->inference.id, 7);
  EXPECT_EQ(*listing.Next(), nullptr);
  EXPECT_THAT(Last(kListing).query, HasSubstr("output"));
}

TEST_F(InferenceListingTest, AsksForNoFilesWhereJustTheInferencesAreWanted) {
  When(kListing, List(Inference("7", "FAILED")));
  InferenceListing listing = Listing(Detail::kExistence);
  EXPECT_EQ(Ids(listing), std::vector<std::int64_t>{7});
  EXPECT_THAT(Last(kListing).query, Not(HasSubstr("output")));
}

TEST_F(InferenceListingTest, TheSameASecondTimeIsNotAskedForAgain) {
  When(kListing, List(Inference("9", "FAILED") + "," + Inference("7", "FAILED")));
  {
    InferenceListing listing = Listing();
    EXPECT_EQ(Ids(listing), (std::vector<std::int64_t>{9, 7}));
    EXPECT_FALSE(listing.is_again());
  }
  const std::size_t asked = Count(kListing);
  InferenceListing listing = Listing();
  EXPECT_EQ(Ids(listing), (std::vector<std::int64_t>{9, 7}));
  EXPECT_TRUE(listing.is_again());
  EXPECT_EQ(Count(kListing), asked);
}

}  // namespace
}  // namespace s2c
