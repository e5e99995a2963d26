// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/base/clock.h"
#include "client/jobs/run_area.h"
#include "client/jobs/run_order.h"
#include "client/session.h"

namespace s2c {

/// A run that may be sent: all that can be checked before is behind it.
struct RunRequest {
  std::string document;  ///< JSON:API, for POST /inference
  std::string mark;      ///< in its area of interest, which no other run has
  std::string owner;
  std::int64_t knowledgebase = 0, factbase = 0;
  std::string knowledgebase_title, factbase_title;
  TimeRange times;
  int scale = 1;
  std::optional<double> pixels;       ///< of the result, about; nothing where that is not known
  std::vector<std::string> warnings;  ///< sentences: it may be sent, and may fail
};

/// How many pixels a run of ten minutes, which is all that an account has (error 4203), can do: an
/// estimate. The one run whose time and size are known (id 8343: 2.04 MB in three bands of 16 bits
/// after 62 s) makes it 3.4 million where nothing was compressed, and more where it was.
constexpr double kPixelsOfTenMinutes = 4e6;

/// Finds knowledgebase and factbase, checks times, scale and area against them, and asks who the
/// owner is: three to five requests. kInvalidInput, naming the option, where it cannot be right.
Result<RunRequest> MakeRunRequest(Session& session, const RunOrder& order, const RunArea& area,
                                  const Clock& clock, Random& random);

}  // namespace s2c
