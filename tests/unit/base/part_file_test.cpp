// SPDX-License-Identifier: MIT
#include "client/base/part_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/system.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class APartFile : public testing::Test {
 protected:
  std::string Content(const std::string& path) { return ReadSmallFile(path, 1000)->content; }

  TemporaryFolder folder_;
  const std::string path_ = folder_ / "file.part";
};

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

TEST_F(APartFile, KeepsWhatHasFoundRoom) {
  const auto part = PartFile::Open(path_);
  {
    const FullDisk disk(4);
    EXPECT_THAT(ErrorOf((*part)->Append("abcdef")),
                FailsWith(ErrorKind::kTooLong, HasSubstr("too large")));
  }
  EXPECT_EQ((*part)->size(), 4U);
  ASSERT_TRUE((*part)->Append("ef"));
  EXPECT_EQ(Content(path_), "abcdef");
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

TEST_F(APartFile, IsNoOtherKindOfFile) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(PartFile::Open(path_));
  unlink(path_.c_str());
  WriteText(folder_ / "elsewhere", "x");
  ASSERT_EQ(symlink((folder_ / "elsewhere").c_str(), path_.c_str()), 0);
  EXPECT_FALSE(PartFile::Open(path_));
  EXPECT_FALSE(PartFile::Open(folder_ / "missing/file.part"));
}

}  // namespace
}  // namespace s2c
