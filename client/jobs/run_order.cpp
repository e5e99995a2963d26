// SPDX-License-Identifier: MIT
#include "client/jobs/run_order.h"

#include <optional>

#include "client/base/iso_time.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Beyond it a pixel would be larger than any factbase's footprint.
constexpr std::uint64_t kLargestScale = 100000;

Result<std::int64_t> ReadTime(const std::string& text, const char* option, bool is_end) {
  const std::string trimmed(Trim(text));
  if (trimmed.empty())
    return Fail(ErrorKind::kInvalidInput,
                std::string("no time range to run on: give ") + option + ", as 2021-03-01");
  const auto time = ParseIsoTime(trimmed);
  if (!time || time->year < 1)
    return Fail(ErrorKind::kInvalidInput, std::string(option) + " '" + OneLine(trimmed) +
                                              "' is no day (2021-03-01) and no time "
                                              "(2021-03-01T10:00:00Z): correct it");
  const std::int64_t moment = UnixMilliseconds(*time);
  const bool is_day = time->precision == IsoTime::Precision::kDay;
  return is_day && is_end ? moment + kDayMilliseconds - 1 : moment;
}

}  // namespace

Result<TimeRange> ReadTimeRange(const std::string& start, const std::string& end) {
  const auto first = ReadTime(start, "START", false);
  if (!first) return Pass(first);
  const auto last = ReadTime(end, "END", true);
  if (!last) return Pass(last);
  if (*last < *first)
    return Fail(ErrorKind::kInvalidInput, "END '" + OneLine(end) + "' is before START '" +
                                              OneLine(start) + "': exchange them");
  return TimeRange{*first, *last};
}

Result<int> ReadScale(const std::string& text) {
  const std::string_view trimmed = Trim(text);
  if (trimmed.empty()) return 1;
  const auto scale = ParseUnsigned(trimmed);
  if (!scale || *scale == 0 || *scale > kLargestScale)
    return Fail(ErrorKind::kInvalidInput,
                "SCALE '" + OneLine(text) +
                    "' is no positive integer: it is how many pixels of the factbase, along a "
                    "side, make one of the result");
  return static_cast<int>(*scale);
}

}  // namespace s2c
