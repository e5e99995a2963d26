// SPDX-License-Identifier: MIT
#include "client/base/iso_time.h"

#include <gmock/gmock.h>

#include <limits>
#include <string>
#include <utility>

namespace s2c {
namespace {

using Precision = IsoTime::Precision;

TEST(ParseIsoTime, ReadsEveryPart) {
  const auto time = ParseIsoTime("2021-07-25T20:46:21.25+05:30");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->year, 2021);
  EXPECT_EQ(time->month, 7);
  EXPECT_EQ(time->day, 25);
  EXPECT_EQ(time->hour, 20);
  EXPECT_EQ(time->minute, 46);
  EXPECT_EQ(time->second, 21);
  EXPECT_DOUBLE_EQ(time->fraction, 0.25);
  EXPECT_EQ(time->offset_minutes, 330);
}

TEST(ParseIsoTime, TellsHowFarTheTextGoes) {
  EXPECT_EQ(ParseIsoTime("2021-07-25")->precision, Precision::kDay);
  EXPECT_EQ(ParseIsoTime("2021-07-25 20:46")->precision, Precision::kMinute);
  EXPECT_EQ(ParseIsoTime("2021-07-25 20:46:20")->precision, Precision::kSecond);
  EXPECT_EQ(ParseIsoTime("2016-12-31T23:59:60Z")->second, 60);
}

TEST(ParseIsoTime, TakesOffsetsInEveryForm) {
  const auto offset = [](const std::string& zone) {
    return ParseIsoTime("2021-07-25T20:46:20" + zone).value().offset_minutes;
  };
  EXPECT_EQ(offset(""), std::nullopt);
  EXPECT_EQ(offset("Z"), 0);
  EXPECT_EQ(offset("+02"), 120);
  EXPECT_EQ(offset("-0330"), -210);
  EXPECT_EQ(offset("-00:30"), -30);
  EXPECT_EQ(ParseIsoTime("2021-07-25T20:46+02:00")->offset_minutes, 120);
}

TEST(ParseIsoTime, KnowsTheDaysOfMonths) {
  for (const char* text : {"2000-02-29", "2024-02-29", "2021-04-30", "2021-12-31", "0000-01-01"})
    EXPECT_TRUE(ParseIsoTime(text)) << text;
  for (const char* text : {"1900-02-29", "2021-02-29", "2021-04-31", "2021-12-32", "2021-01-00",
                           "2021-13-01", "2021-00-01"})
    EXPECT_FALSE(ParseIsoTime(text)) << text;
}

TEST(ParseIsoTime, IsNothingForAllElse) {
  for (const char* text : {"",
                           "yesterday",
                           "2021-07",
                           "2021-7-25",
                           "20210725",
                           "2021-07-25T",
                           "2021-07-25x",
                           "2021-07-25Z",
                           "2021-07-25T20",
                           "2021-07-25T24:00",
                           "2021-07-25T20:60",
                           "2021-07-25T20:4",
                           "2021-07-25T20:46:61",
                           "2021-07-25T20:46:20.",
                           "2021-07-25T20:46:20.1.2",
                           "2021-07-25T20:46:20z",
                           "2021-07-25T20:46:20Zx",
                           "2021-07-25T20:46:20+",
                           "2021-07-25T20:46:20+2",
                           "2021-07-25T20:46:20+02:",
                           "2021-07-25T20:46:20+02:0",
                           "2021-07-25T20:46:20+24:00",
                           "2021-07-25T20:46:20+02:60",
                           " 2021-07-25",
                           "2021-07-25 "})
    EXPECT_FALSE(ParseIsoTime(text)) << text;
}

TEST(IsoTimeText, SaysATimeInUtc) {
  const std::pair<double, const char*> cases[] = {{0, "1970-01-01T00:00:00Z"},
                                                  {951782400, "2000-02-29T00:00:00Z"},
                                                  {1627245980.9, "2021-07-25T20:46:20Z"},
                                                  {1735689599, "2024-12-31T23:59:59Z"},
                                                  {4107542400, "2100-03-01T00:00:00Z"}};
  for (const auto& [time, text] : cases) EXPECT_EQ(IsoTimeText(time), text);
}

TEST(IsoTimeText, StaysAmongTheYearsThatItCanWrite) {
  for (const double before : {-1.0, -1e300, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(IsoTimeText(before), "1970-01-01T00:00:00Z");
  for (const double after : {253402300799.0, 253402300800.0, 1e300})
    EXPECT_EQ(IsoTimeText(after), "9999-12-31T23:59:59Z");
}

}  // namespace
}  // namespace s2c
