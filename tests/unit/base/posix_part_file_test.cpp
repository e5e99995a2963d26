// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/base/part_file_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(APartFile, KeepsWhatHasFoundRoom) {
  const auto part = PartFile::Open(path_);
  {
    const FullDisk disk(4);
    EXPECT_THAT(ErrorOf((*part)->Append("abcdef")),
                FailsWith(ErrorKind::kTooLong, HasSubstr(FullDiskReason())));
  }
  EXPECT_EQ((*part)->size(), 4U);
  ASSERT_TRUE((*part)->Append("ef"));
  EXPECT_EQ(Content(path_), "abcdef");
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
