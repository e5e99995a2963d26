// SPDX-License-Identifier: MIT
#include "driver/kept_messages.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

TEST(KeepMessages, KeepsThemFromEverybodyElse) {
  CPLErrorReset();
  const auto messages = KeepMessages([] {
    CPLError(CE_Warning, CPLE_AppDefined, "odd");
    CPLError(CE_Failure, CPLE_FileIO, "100%% wrong");
  });
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_FALSE(messages[0].IsFailure());
  EXPECT_TRUE(messages[1].IsFailure());
  EXPECT_EQ(messages[1].number, CPLE_FileIO);
  EXPECT_EQ(CPLGetLastErrorType(), CE_None);
}

TEST(KeepMessages, SaysThemAgainAsTheyWere) {
  const auto again = KeepMessages([] {
    for (const auto& message :
         KeepMessages([] { CPLError(CE_Failure, CPLE_FileIO, "100%% wrong"); }))
      message.Say();
  });
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].text, "100% wrong");
  EXPECT_EQ(again[0].number, CPLE_FileIO);
}

// As GDALRasterBand asks of a block, which else says that it failed and not why.
TEST(MoveErrorCounterFrom, ShowsThatAnErrorWasToldThoughSomebodySetTheCounterBack) {
  const auto told = KeepMessages([] {
    CPLErrorReset();
    CPLError(CE_Failure, CPLE_AppDefined, "of another read");
    const GUInt32 before = CPLGetErrorCounter();
    CPLErrorReset();
    CPLError(CE_Failure, CPLE_FileIO, "the cause");
    MoveErrorCounterFrom(before);
    EXPECT_NE(CPLGetErrorCounter(), before);
    EXPECT_STREQ(CPLGetLastErrorMsg(), "the cause");
    EXPECT_EQ(CPLGetLastErrorNo(), CPLE_FileIO);
  });
  EXPECT_EQ(told.size(), 2U) << "and each once";
}

}  // namespace
}  // namespace s2c
