// SPDX-License-Identifier: MIT
#include "client/base/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace s2c {
namespace {

TEST(Secret, IsNeverPrinted) {
  std::ostringstream out;
  out << Secret("sesame");
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(testing::PrintToString(Secret("sesame")), "***");
}

TEST(Secret, PrintsNothingWhenEmpty) {
  EXPECT_EQ(testing::PrintToString(Secret()), "");
  EXPECT_TRUE(Secret().empty());
  EXPECT_FALSE(Secret("x").empty());
}

TEST(Secret, DoesNotTellItsLength) {
  EXPECT_EQ(testing::PrintToString(Secret("x")), testing::PrintToString(Secret("a longer one")));
}

TEST(Secret, BecomesNoTextByItself) {
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
}

TEST(Secret, IsRevealedAsItIs) { EXPECT_EQ(Secret("p+w&\n").Reveal(), "p+w&\n"); }

TEST(Secret, ComparesByValue) {
  EXPECT_EQ(Secret("a"), Secret("a"));
  EXPECT_NE(Secret("a"), Secret("b"));
}

}  // namespace
}  // namespace s2c
