// SPDX-License-Identifier: MIT
#include "client/jobs/run_order.h"

#include <gmock/gmock.h>

#include "client/base/iso_time.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

std::string Read(const std::string& start, const std::string& end) {
  const auto range = ReadTimeRange(start, end);
  if (!range) return range.error().message;
  return IsoMillisecondsText(range->start) + " " + IsoMillisecondsText(range->end);
}

TEST(ReadTimeRange, ADayMeansAllOfIt) {
  EXPECT_EQ(Read("2021-03-01", "2021-07-31"), "2021-03-01T00:00:00.000Z 2021-07-31T23:59:59.999Z");
  EXPECT_EQ(Read(" 2020-02-29 ", "2020-02-29"),
            "2020-02-29T00:00:00.000Z 2020-02-29T23:59:59.999Z");
}

TEST(ReadTimeRange, ATimeIsThatTimeInUtc) {
  EXPECT_EQ(Read("2021-03-01T10:30", "2021-03-01T10:30:00.25"),
            "2021-03-01T10:30:00.000Z 2021-03-01T10:30:00.250Z");
  EXPECT_EQ(Read("2021-03-01T00:30:00+02:00", "2021-12-31T23:30:00-01:00"),
            "2021-02-28T22:30:00.000Z 2022-01-01T00:30:00.000Z");
}

TEST(ReadTimeRange, SaysWhichOptionIsWrong) {
  EXPECT_THAT(ErrorOf(ReadTimeRange("", "2021-07-31")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("START")));
  EXPECT_THAT(ErrorOf(ReadTimeRange("2021-07-31", "")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("END")));
  for (const char* wrong : {"yesterday", "2021-02-29", "01.03.2021", "2021-3-1", "2021",
                            "2021-03-01T25:00", "0000-01-01"})
    EXPECT_THAT(ErrorOf(ReadTimeRange(wrong, "2022-01-01")),
                FailsWith(ErrorKind::kInvalidInput, AllOf(HasSubstr("START"), HasSubstr(wrong))));
}

TEST(ReadTimeRange, RefusesOneThatEndsBeforeItBegins) {
  EXPECT_THAT(ErrorOf(ReadTimeRange("2021-07-31", "2021-03-01")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("exchange")));
  EXPECT_EQ(MessageOf(ReadTimeRange("2021-07-31", "2021-07-31")), "");
}

TEST(ReadScale, IsAPositiveIntegerOrOne) {
  EXPECT_EQ(*ReadScale(""), 1);
  EXPECT_EQ(*ReadScale(" 10 "), 10);
  for (const char* wrong : {"0", "-1", "1.5", "ten", "1e3", "99999999999999999999", "100001"})
    EXPECT_THAT(ErrorOf(ReadScale(wrong)), FailsWith(ErrorKind::kInvalidInput, HasSubstr(wrong)));
}

}  // namespace
}  // namespace s2c
