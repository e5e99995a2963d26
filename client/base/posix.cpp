// SPDX-License-Identifier: MIT
#include "client/base/posix.h"

#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigfillset is POSIX's, not C++'s
#include <unistd.h>

#include <initializer_list>

namespace s2c {

std::int64_t ProcessId() { return getpid(); }

void BlockSignalsInThisThread() {
  sigset_t all;
  sigfillset(&all);
  // A fault must still be reported where it happens.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace s2c
