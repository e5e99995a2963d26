// SPDX-License-Identifier: MIT
#include "apps/progress_bar.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

TEST(ABar, FillsWithItsShare) {
  EXPECT_EQ(BarText(0, 12), "[>         ]");
  EXPECT_EQ(BarText(0.5, 12), "[=====>    ]");
  EXPECT_EQ(BarText(1, 12), "[==========]");
}

TEST(ABar, KeepsToItsPlaceWhateverTheShare) {
  EXPECT_EQ(BarText(-1, 12), BarText(0, 12));
  EXPECT_EQ(BarText(7, 12), BarText(1, 12));
  EXPECT_EQ(BarText(0, 0).size(), 5U);
}

TEST(BytesInWords, AreInPowersOfTen) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(1000), "1.0 kB");
  EXPECT_EQ(BytesText(999'960), "1.0 MB");
  EXPECT_EQ(BytesText(2'447'434), "2.4 MB");
  EXPECT_EQ(BytesText(5e15), "5000.0 TB");
}

}  // namespace
}  // namespace s2c
