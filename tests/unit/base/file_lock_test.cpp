// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX's, not C++'s
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "client/base/system.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/temporary_folder.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class FileLockTest : public testing::Test {
 protected:
  std::unique_ptr<FileLock> Try() { return FileLock::Acquire(path_, seconds(0), clock_); }

  FakeClock clock_;
  TemporaryFolder folder_;
  const std::string path_ = folder_ / "lock";
};

TEST_F(FileLockTest, ExcludesOthersUntilItEnds) {
  auto lock = Try();
  ASSERT_TRUE(lock);
  EXPECT_FALSE(Try());
  lock.reset();
  EXPECT_TRUE(Try());
}

TEST_F(FileLockTest, IsAFileThatIsClosedToOthersAndStays) {
  ASSERT_TRUE(Try());
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(ReadText(path_), "");
}

TEST_F(FileLockTest, OfAnotherPathIsAnother) {
  const auto lock = Try();
  EXPECT_TRUE(FileLock::Acquire(folder_ / "other", seconds(0), clock_));
}

TEST_F(FileLockTest, IsWaitedForAsLongAsToldByTheClock) {
  const auto lock = Try();
  const auto before = clock_.Now();
  EXPECT_FALSE(FileLock::Acquire(path_, seconds(3), clock_));
  EXPECT_GE(clock_.Now() - before, seconds(3));
  EXPECT_LT(clock_.Now() - before, seconds(4));
}

TEST_F(FileLockTest, IsHadAsSoonAsItsHolderEnds) {
  auto held = Try();
  clock_.Meanwhile([&] {
    if (clock_.slept().size() == 3) held.reset();
  });
  EXPECT_TRUE(FileLock::Acquire(path_, seconds(30), clock_));
  EXPECT_EQ(clock_.slept().size(), 3U);
}

TEST_F(FileLockTest, CannotBeHadOnWhatIsNoFileOfItsOwn) {
  EXPECT_FALSE(FileLock::Acquire(folder_ / "nowhere/lock", seconds(30), clock_));
  EXPECT_FALSE(FileLock::Acquire(folder_.path(), seconds(30), clock_));
  ASSERT_EQ(symlink("target", (folder_ / "link").c_str()), 0);
  EXPECT_FALSE(FileLock::Acquire(folder_ / "link", seconds(30), clock_));
  EXPECT_EQ(folder_.Names(), "link") << "nothing was made behind the link";
  EXPECT_TRUE(clock_.slept().empty()) << "and nothing was waited for";
}

TEST_F(FileLockTest, IsHeldByOneThreadAtATime) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> had{0};
  InThreads(8, [&](int) {
    for (int i = 0; i < 5; ++i) {
      const auto lock = FileLock::Acquire(path_, seconds(30), SystemClock());
      if (!lock) continue;
      const int now = ++inside;
      if (now > most) most = now;
      ++had;
      --inside;
    }
  });
  EXPECT_EQ(had, 40);
  EXPECT_EQ(most, 1);
}

// A child that holds the lock until it is killed.
class ChildWithLock {
 public:
  explicit ChildWithLock(const std::string& path) {
    int ends[2];
    if (pipe(ends) != 0) return;
    id_ = fork();
    if (id_ == 0) {
      const auto lock = FileLock::Acquire(path, seconds(0), SystemClock());
      const char told = lock ? 'y' : 'n';
      if (write(ends[1], &told, 1) == 1)
        for (;;) pause();
      _exit(1);
    }
    close(ends[1]);
    char told = 'n';
    has_lock_ = read(ends[0], &told, 1) == 1 && told == 'y';
    close(ends[0]);
  }
  ~ChildWithLock() { Kill(); }
  ChildWithLock(const ChildWithLock&) = delete;
  ChildWithLock& operator=(const ChildWithLock&) = delete;

  bool has_lock() const { return has_lock_; }
  void Kill() {
    if (id_ <= 0) return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    id_ = -1;
  }

 private:
  pid_t id_ = -1;
  bool has_lock_ = false;
};

TEST_F(FileLockTest, ExcludesOtherProcessesAndEndsWithAKilledOne) {
  ChildWithLock child(path_);
  ASSERT_TRUE(child.has_lock());
  EXPECT_FALSE(Try());
  child.Kill();
  EXPECT_TRUE(Try());
}

TEST_F(FileLockTest, OfThisProcessExcludesAChild) {
  const auto lock = Try();
  const ChildWithLock child(path_);
  EXPECT_FALSE(child.has_lock());
}

// The child has a copy of the descriptor, and with it a part in the lock.
TEST_F(FileLockTest, EndsThoughAChildWasForkedMeanwhile) {
  auto lock = Try();
  const ChildWithLock child(path_);
  lock.reset();
  EXPECT_TRUE(Try());
}

}  // namespace
}  // namespace s2c
