// SPDX-License-Identifier: MIT
#include "tests/unit/base/file_lock_fixture.h"
#include "tests/unit/support/windows_process.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// A process that holds the lock until it is killed.
class HolderOfLock {
 public:
  explicit HolderOfLock(const std::string& path)
      : process_({BesideThisProgram("hold_lock.exe"), path}),
        has_lock_(process_.ReadLine() == "locked") {}

  bool has_lock() const { return has_lock_; }
  void Kill() { process_.Kill(); }

 private:
  ChildProcess process_;
  const bool has_lock_;
};

TEST_F(FileLockTest, ExcludesOtherProcessesAndEndsWithAKilledOne) {
  HolderOfLock other(path_);
  ASSERT_TRUE(other.has_lock());
  EXPECT_FALSE(Try());
  other.Kill();
  EXPECT_TRUE(FileLock::Acquire(path_, seconds(10), SystemClock()));
}

TEST_F(FileLockTest, OfThisProcessExcludesAnother) {
  auto lock = Try();
  EXPECT_FALSE(HolderOfLock(path_).has_lock());
  lock.reset();
  EXPECT_TRUE(HolderOfLock(path_).has_lock());
}

TEST_F(FileLockTest, CannotBeHadOnWhatIsNoFile) {
  EXPECT_FALSE(FileLock::Acquire(folder_ / "nowhere/lock", seconds(30), clock_));
  EXPECT_FALSE(FileLock::Acquire(folder_.path(), seconds(30), clock_));
  EXPECT_FALSE(FileLock::Acquire("NUL", seconds(30), clock_));
  EXPECT_EQ(folder_.Names(), "");
  EXPECT_TRUE(clock_.slept().empty()) << "and nothing was waited for";
}

// The system keeps others from reading and writing what is locked.
TEST_F(FileLockTest, LeavesTheFileReadable) {
  WriteText(path_, "text");
  const auto lock = Try();
  ASSERT_TRUE(lock);
  EXPECT_EQ(ReadText(path_), "text");
}

}  // namespace
}  // namespace s2c
