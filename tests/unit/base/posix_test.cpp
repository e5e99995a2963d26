// SPDX-License-Identifier: MIT
#include "client/base/posix.h"

#include <gtest/gtest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigismember is POSIX's, not C++'s
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace s2c {
namespace {

TEST(ProcessId, DiffersInAForkedChild) {
  const std::int64_t parent = ProcessId();
  const pid_t child = fork();
  if (child == 0) _exit(ProcessId() == parent || ProcessId() != getpid() ? 1 : 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ProcessId(), parent);
}

bool IsBlocked(int signal_number) {
  sigset_t blocked;
  sigemptyset(&blocked);
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  return sigismember(&blocked, signal_number) == 1;
}

TEST(BlockSignalsInThisThread, KeepsOutSignalsButNotFaults) {
  std::thread([] {
    BlockSignalsInThisThread();
    for (const int kept_out : {SIGPIPE, SIGINT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1})
      EXPECT_TRUE(IsBlocked(kept_out)) << kept_out;
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
      EXPECT_FALSE(IsBlocked(fault)) << fault;
  }).join();
}

TEST(BlockSignalsInThisThread, LeavesOtherThreadsAlone) {
  std::thread(BlockSignalsInThisThread).join();
  EXPECT_FALSE(IsBlocked(SIGINT));
}

}  // namespace
}  // namespace s2c
