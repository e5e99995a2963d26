// SPDX-License-Identifier: MIT
#include "tests/unit/base/part_file_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(APartFile, KeepsWhatWasWrittenUntilItIsTheFile) {
  {
    const auto part = PartFile::Open(path_);
    ASSERT_TRUE(part);
    ASSERT_TRUE((*part)->Append("abc"));
  }
  const auto part = PartFile::Open(path_);
  ASSERT_TRUE(part);
  EXPECT_EQ((*part)->size(), 3U);
  ASSERT_TRUE((*part)->Append("def"));
  EXPECT_EQ((*part)->size(), 6U);
  ASSERT_TRUE((*part)->RenameTo(folder_ / "file"));
  EXPECT_EQ(Content(folder_ / "file"), "abcdef");
  EXPECT_FALSE(ReadSmallFile(path_, 1000));
}

TEST_F(APartFile, BeginsAnewWhenItIsCleared) {
  const auto part = PartFile::Open(path_);
  ASSERT_TRUE((*part)->Append("abc"));
  ASSERT_TRUE((*part)->Clear());
  ASSERT_TRUE((*part)->Append("d"));
  EXPECT_EQ(Content(path_), "d");
}

TEST_F(APartFile, IsWrittenByOneAtATime) {
  auto part = PartFile::Open(path_);
  ASSERT_TRUE(part);
  const auto other = PartFile::Open(path_);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("another program"));
  part->reset();
  EXPECT_TRUE(PartFile::Open(path_));
}

}  // namespace
}  // namespace s2c
