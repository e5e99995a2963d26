// SPDX-License-Identifier: MIT
// What client/base/per_process.h makes of a forked child.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>

#include "client/base/per_process.h"

namespace s2c {
namespace {

// What is tested here is static, as it is everywhere: it is never destroyed.
struct Counted {
  std::mutex mutex;
  int value = 7;
};

// Whether `holds` is true in a forked child.
template <class Condition>
bool HoldsInAChild(Condition holds) {
  const pid_t child = fork();
  if (child == 0) _exit(holds() ? 0 : 1);
  int status = -1;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(PerProcess, IsAnotherOneInAForkedChild) {
  static PerProcess<Counted> object;
  Counted* const parents = &object.Get();
  parents->value = 8;
  EXPECT_TRUE(HoldsInAChild([&] {
    Counted* const own = &object.Get();
    return own != parents && own->value == 7 && own == &object.Get();
  }));
  EXPECT_EQ(&object.Get(), parents) << "and still the same in the parent";
  EXPECT_EQ(parents->value, 8);
}

TEST(PerProcess, CanBeLockedByAChildWhereTheParentHadItLocked) {
  static PerProcess<Counted> object;
  const std::lock_guard<std::mutex> lock(object.Get().mutex);
  EXPECT_TRUE(HoldsInAChild([&] {
    const std::unique_lock<std::mutex> own(object.Get().mutex, std::try_to_lock);
    return own.owns_lock();
  }));
}

TEST(PerProcess, IsMadeAnewInEachGeneration) {
  static PerProcess<Counted> object;
  Counted* const first = &object.Get();
  EXPECT_TRUE(HoldsInAChild([&] {
    Counted* const second = &object.Get();
    return second != first && HoldsInAChild([&] {
             return &object.Get() != second && &object.Get() != first && object.Get().value == 7;
           });
  }));
}

}  // namespace
}  // namespace s2c
