// SPDX-License-Identifier: MIT
#include "apps/part_state.h"

#include <gtest/gtest.h>

#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class StateOfAPart : public testing::Test {
 protected:
  static FileVersion Version() {
    FileVersion version;
    version.url = *Url::Parse("https://demo.example/output/a.tiff");
    version.size = 1000;
    version.stamp = "2021-09-28T07:42:10+00:00";
    version.validator = "etag\nmodified";
    return version;
  }

  TemporaryFolder folder_;
  const PartState state_{folder_ / "a.tiff.part"};
};

TEST_F(StateOfAPart, IsKnownForTheSameVersion) {
  EXPECT_EQ(state_.ValidatorOf(Version()), std::nullopt);
  ASSERT_TRUE(state_.Keep(Version()));
  EXPECT_EQ(state_.ValidatorOf(Version()), "etag\nmodified");
  state_.Remove();
  EXPECT_EQ(state_.ValidatorOf(Version()), std::nullopt);
}

TEST_F(StateOfAPart, IsUnknownForAnyOther) {
  ASSERT_TRUE(state_.Keep(Version()));
  FileVersion other = Version();
  other.size = 1001;
  EXPECT_EQ(state_.ValidatorOf(other), std::nullopt);
  other = Version();
  other.size.reset();
  EXPECT_EQ(state_.ValidatorOf(other), std::nullopt);
  other = Version();
  other.stamp = "2021-09-28T07:42:11+00:00";
  EXPECT_EQ(state_.ValidatorOf(other), std::nullopt);
  other = Version();
  other.url = *Url::Parse("https://demo.example/output/b.tiff");
  EXPECT_EQ(state_.ValidatorOf(other), std::nullopt);
}

TEST_F(StateOfAPart, IsNotThatOfAnotherPart) {
  ASSERT_TRUE(state_.Keep(Version()));
  EXPECT_EQ(PartState(folder_ / "b.tiff.part").ValidatorOf(Version()), std::nullopt);
}

TEST_F(StateOfAPart, FitsBesideAPartOfTheLongestName) {
  const PartState state(folder_ / (std::string(250, 'x') + ".part"));
  EXPECT_TRUE(state.Keep(Version()));
}

}  // namespace
}  // namespace s2c
