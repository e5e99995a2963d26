// SPDX-License-Identifier: MIT
// Locks the file that it is told of, says whether it has the lock, and holds it until it is killed.
#include <cstdio>
#include <thread>

#include "client/base/system.h"
#include "client/base/terminal.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = s2c::ArgumentsOf(argc, argv);
  if (arguments.size() != 1) return 2;
  const auto lock =
      s2c::FileLock::Acquire(arguments[0], std::chrono::seconds(0), s2c::SystemClock());
  std::puts(lock ? "locked" : "refused");
  std::fflush(stdout);
  if (!lock) return 1;
  std::this_thread::sleep_for(std::chrono::minutes(1));
  return 0;
}
