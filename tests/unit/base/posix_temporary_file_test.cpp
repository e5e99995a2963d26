// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "client/base/system.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing_support::EnvironmentVariable;
using testing_support::MessageOf;
using testing_support::TemporaryFolder;

TEST(TemporaryFileOnPosix, HasNoName) {
  const TemporaryFolder folder;
  const EnvironmentVariable here("TMPDIR", folder.path());
  const auto file = TemporaryFile::Create();
  ASSERT_EQ(MessageOf(file), "");
  ASSERT_EQ(MessageOf((*file)->Append("bytes", 5)), "");
  EXPECT_EQ(folder.Names(), "");
}

TEST(TemporaryFileEnd, ClosesTheFile) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return std::distance(begin(entries), end(entries));
  };
  const auto before = open_files();
  auto file = TemporaryFile::Create();
  ASSERT_EQ(MessageOf(file), "");
  EXPECT_EQ(open_files(), before + 1);
  file->reset();
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace s2c
