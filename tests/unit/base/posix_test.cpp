// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigismember is POSIX's, not C++'s
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

#include "client/base/system.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/environment_variable.h"

namespace s2c {
namespace {

TEST(ProcessId, DiffersInAForkedChild) {
  const std::int64_t parent = ProcessId();
  const pid_t child = fork();
  if (child == 0) _exit(ProcessId() == parent ? 1 : 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ProcessId(), parent);
}

TEST(ProcessId, DiffersInAChildsChild) {
  const pid_t child = fork();
  if (child == 0) {
    const std::int64_t own = ProcessId();
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(ProcessId() == own ? 1 : 0);
    int status = -1;
    waitpid(grandchild, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(HomeFolder, IsTheEnvironmentsOrTheUsers) {
  const char* const before = std::getenv("HOME");
  const std::string kept = before ? before : "";
  setenv("HOME", "/usr", 1);
  EXPECT_EQ(HomeFolder(), "/usr");
  unsetenv("HOME");
  const passwd* const user = getpwuid(geteuid());
  EXPECT_EQ(HomeFolder(), user ? user->pw_dir : "");
  if (before) setenv("HOME", kept.c_str(), 1);
}

TEST(HomeFolder, IsNoneWhereItIsRelativeOrDoesNotExist) {
  testing_support::CapturedLog log;
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {".", "'.' is not used: it is not an abs"},
                                                       {"tmp", "not an absolute path"},
                                                       {"/nonexistent/x", "does not exist"},
                                                       {"/etc/passwd", "does not exist"}};
  for (const auto& [home, why] : cases) {
    log.Clear();
    const testing_support::EnvironmentVariable variable("HOME", home);
    EXPECT_EQ(HomeFolder(), "") << home;
    EXPECT_NE(log.Text(LogLevel::kDebug).find(why), std::string::npos) << home;
  }
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
