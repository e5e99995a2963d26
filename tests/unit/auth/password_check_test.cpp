// SPDX-License-Identifier: MIT
#include "client/auth/password_check.h"

#include <gtest/gtest.h>

#include <chrono>

#include "client/base/system.h"
#include "tests/unit/support/system.h"

namespace s2c {
namespace {

TEST(PasswordCheck, TellsTheRightOneFromOthers) {
  for (const char* text : {"x", "p+w&d=%40 \xC3\xBC\"'\\", "a b", "*0"}) {
    const std::string digest = MakePasswordDigest(Secret(text));
    EXPECT_TRUE(IsDigestOf(digest, Secret(text))) << text;
    EXPECT_FALSE(IsDigestOf(digest, Secret(std::string(text) + "x"))) << text;
    EXPECT_FALSE(IsDigestOf(digest, Secret())) << text;
    EXPECT_EQ(digest.find(text), text[0] == 'x' ? digest.find('x') : std::string::npos);
  }
}

TEST(PasswordCheck, OfADigestThatAnotherProcessMadeIsTheSame) {
  const std::string digest = PasswordDigest("right");
  EXPECT_TRUE(IsDigestOf(digest, Secret("right")));
  EXPECT_FALSE(IsDigestOf(digest, Secret("wrong")));
}

TEST(PasswordCheck, OfNoDigestIsNever) {
  for (const char* digest : {"", "*0", "*1", "$", "$y$", "$y$j9T$", "x", "right", "$none$x$y"}) {
    EXPECT_FALSE(IsDigestOf(digest, Secret("right"))) << digest;
    EXPECT_FALSE(IsDigestOf(digest, Secret())) << digest;
  }
}

TEST(PasswordCheck, HasASaltForEachDigest) {
  EXPECT_NE(MakePasswordDigest(Secret("same")), MakePasswordDigest(Secret("same")));
}

TEST(PasswordCheck, CutsNoPassword) {
  const std::string digest = MakePasswordDigest(Secret(std::string(500, 'x')));
  EXPECT_FALSE(digest.empty());
  EXPECT_FALSE(IsDigestOf(digest, Secret(std::string(499, 'x'))));
  EXPECT_EQ(MakePasswordDigest(Secret(testing_support::PasswordWithoutDigest())), "");
  EXPECT_EQ(MakePasswordDigest(Secret(std::string("x\0y", 3))), "");
  EXPECT_FALSE(IsDigestOf(MakePasswordDigest(Secret("x")), Secret(std::string("x\0y", 3))));
}

TEST(PasswordCheck, IsSlowOnceInAProcess) {
  using Clock = std::chrono::steady_clock;
  const std::string digest = PasswordDigest("right");
  const auto start = Clock::now();
  for (const char* text : {"right", "wrong"}) IsDigestOf(digest, Secret(text));
  const auto twice = Clock::now() - start;
  EXPECT_GT(twice, std::chrono::milliseconds(5));
  const auto again = Clock::now();
  for (int i = 0; i < 100; ++i) {
    IsDigestOf(digest, Secret("right"));
    IsDigestOf(digest, Secret("wrong"));
  }
  EXPECT_LT(Clock::now() - again, twice * 10);
}

}  // namespace
}  // namespace s2c
