// SPDX-License-Identifier: MIT
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX's, not C++'s
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/base/file_lock_fixture.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(FileLockTest, CannotBeHadOnWhatIsNoFileOfItsOwn) {
  EXPECT_FALSE(FileLock::Acquire(folder_ / "nowhere/lock", seconds(30), clock_));
  EXPECT_FALSE(FileLock::Acquire(folder_.path(), seconds(30), clock_));
  ASSERT_EQ(symlink("target", (folder_ / "link").c_str()), 0);
  EXPECT_FALSE(FileLock::Acquire(folder_ / "link", seconds(30), clock_));
  EXPECT_EQ(folder_.Names(), "link") << "nothing was made behind the link";
  EXPECT_TRUE(clock_.slept().empty()) << "and nothing was waited for";
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
