// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "client/base/system.h"
#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::EnvironmentVariable;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FullDisk;
using testing_support::kTemporaryFolderVariable;
using testing_support::MessageOf;
using testing_support::Pattern;
using testing_support::TemporaryFolder;

class SpooledFile : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryFile::Create();
    ASSERT_EQ(MessageOf(made), "");
    file_ = *made;
  }

  std::string Read(std::uint64_t offset, std::size_t size) const {
    std::string bytes(size, '?');
    const Status read = file_->ReadAt(offset, bytes.data(), size);
    return read ? bytes : "failed: " + read.error().message;
  }

  const TemporaryFolder folder_;
  const EnvironmentVariable here_{kTemporaryFolderVariable, folder_.path()};
  std::shared_ptr<TemporaryFile> file_;
};

TEST_F(SpooledFile, GivesBackWhatWasAppended) {
  const std::string content = Pattern(300000);
  ASSERT_EQ(MessageOf(file_->Append(content.data(), 100000)), "");
  EXPECT_EQ(file_->size(), 100000U);
  ASSERT_EQ(MessageOf(file_->Append(content.data() + 100000, 200000)), "");
  EXPECT_EQ(file_->size(), 300000U);
  EXPECT_TRUE(Read(0, 300000) == content);
  EXPECT_EQ(Read(99990, 20), content.substr(99990, 20));
  EXPECT_EQ(Read(299999, 1), content.substr(299999));
  EXPECT_EQ(Read(5, 0), "");
}

TEST_F(SpooledFile, GivesAllBytesOrAFailure) {
  ASSERT_EQ(MessageOf(file_->Append("bytes", 5)), "");
  EXPECT_THAT(Read(0, 6), HasSubstr("failed: a temporary file cannot be read"));
  EXPECT_THAT(Read(5, 1), HasSubstr("failed:"));
}

TEST_F(SpooledFile, IsReadWhileItGrows) {
  const std::string content = Pattern(200000);
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (std::size_t seen = 0; seen < content.size(); std::this_thread::yield()) {
        const auto size = static_cast<std::size_t>(file_->size());
        wrong += Read(seen, size - seen) != content.substr(seen, size - seen);
        seen = size;
      }
    });
  }
  for (std::size_t at = 0; at < content.size(); at += 1000)
    EXPECT_EQ(MessageOf(file_->Append(content.data() + at, 1000)), "");
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SpooledFile, AppendsAtItsEndWhereverItWasReadLast) {
  ASSERT_EQ(MessageOf(file_->Append("abcdef", 6)), "");
  for (const std::uint64_t offset : {4U, 0U}) {
    EXPECT_EQ(Read(offset, 2), std::string("abcdef").substr(offset, 2));
    ASSERT_EQ(MessageOf(file_->Append("gh", 2)), "");
  }
  EXPECT_EQ(Read(0, 10), "abcdefghgh");
}

TEST_F(SpooledFile, AFullDiskIsAnErrorThatSaysSo) {
  const FullDisk full(1000);
  const std::string content = Pattern(2000);
  EXPECT_THAT(ErrorOf(file_->Append(content.data(), content.size())).message,
              AllOf(HasSubstr("a temporary file in TMP"), HasSubstr("cannot be written")));
}

TEST(TemporaryFileFolder, ThatIsMissingIsNamedWithItsVariable) {
  const TemporaryFolder folder;
  const EnvironmentVariable elsewhere(kTemporaryFolderVariable, folder / "missing");
  EXPECT_THAT(
      ErrorOf(TemporaryFile::Create()).message,
      AllOf(HasSubstr(kTemporaryFolderVariable), HasSubstr(folder.path()), HasSubstr("missing")));
}

TEST(TemporaryFileFolder, IsTheSystemsWhereNoneIsNamed) {
  const EnvironmentVariable none(kTemporaryFolderVariable, "");
  EXPECT_EQ(MessageOf(TemporaryFile::Create()), "");
}

}  // namespace
}  // namespace s2c
