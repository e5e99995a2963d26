// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "client/base/result.h"

namespace s2c {

/// What a user asks to be run, as it is written. Nothing of it is checked.
struct RunOrder {
  std::string knowledgebase;  ///< an id, or a title that no other has
  std::string factbase;       ///< the same
  std::string start, end;     ///< a day, or a time in ISO 8601; one without a zone is UTC
  std::string scale;          ///< how many pixels of the factbase make one; empty: 1
  bool preview = false;       ///< the factbase's preview_factor in place of `scale`
  std::string comment;
  bool favourite = false;
};

/// What a run looks at in time, in milliseconds since 1970, both ends included.
struct TimeRange {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

/// A day means all of it: as `start` its first millisecond, as `end` its last. kInvalidInput,
/// naming the option, where one is none or they are reversed.
Result<TimeRange> ReadTimeRange(const std::string& start, const std::string& end);

/// At least 1. kInvalidInput for what is no positive integer.
Result<int> ReadScale(const std::string& text);

}  // namespace s2c
