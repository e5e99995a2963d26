// SPDX-License-Identifier: MIT
#include "tests/unit/base/part_file_fixture.h"
#include "tests/unit/support/windows_handle.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// The system writes all of it or nothing.
TEST_F(APartFile, IsAsItWasAfterWhatFindsNoRoom) {
  const auto part = PartFile::Open(path_);
  ASSERT_TRUE((*part)->Append("ab"));
  {
    const FullDisk disk(4);
    EXPECT_THAT(ErrorOf((*part)->Append("cdef")),
                FailsWith(ErrorKind::kTooLong, HasSubstr(FullDiskReason())));
  }
  EXPECT_EQ((*part)->size(), 2U);
  ASSERT_TRUE((*part)->Append("cdef"));
  EXPECT_EQ(Content(path_), "abcdef");
}

TEST_F(APartFile, IsNoFolderAndNoDevice) {
  EXPECT_FALSE(PartFile::Open(folder_.path()));
  EXPECT_FALSE(PartFile::Open("NUL"));
  EXPECT_FALSE(PartFile::Open(folder_ / "missing/file.part"));
}

TEST_F(APartFile, ReplacesAFileThatSomebodyReads) {
  const std::string target = folder_ / "file";
  WriteText(target, "old");
  const auto part = PartFile::Open(path_);
  ASSERT_TRUE((*part)->Append("new"));
  const OpenFile reader(target, Sharing::kAll);
  EXPECT_EQ(MessageOf((*part)->RenameTo(target)), "");
  EXPECT_EQ(ReadText(target), "new");
}

}  // namespace
}  // namespace s2c
