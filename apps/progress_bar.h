// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "client/base/clock.h"

namespace s2c {

/// How much of a file has come, on a terminal.
class ProgressBar {
 public:
  ProgressBar(std::string label, std::uint64_t begin, std::uint64_t total, const Clock& clock);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Update(std::uint64_t done);

 private:
  const std::string label_;
  const std::uint64_t begin_;  ///< what was there before
  const std::uint64_t total_;
  const Clock& clock_;
  const Clock::TimePoint started_;
};

/// "[====>     ]" of `columns`, at least five, for a share from 0 to 1.
std::string BarText(double share, std::size_t columns);

/// "2.4 MB", in powers of ten as disks and networks are sold.
std::string BytesText(double bytes);

}  // namespace s2c
