// SPDX-License-Identifier: MIT
#include "apps/progress_bar.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "apps/console.h"

namespace s2c {
namespace {

constexpr std::size_t kColumns = 22;

double Seconds(Clock::Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string BarText(double share, std::size_t columns) {
  const std::size_t room = std::max<std::size_t>(columns, 5) - 2;
  const auto full =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(room));
  std::string bar(room, ' ');
  std::fill_n(bar.begin(), full, '=');
  if (full < room) bar[full] = '>';
  return "[" + bar + "]";
}

std::string BytesText(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, kUnits[unit]);
  return text;
}

ProgressBar::ProgressBar(std::string label, std::uint64_t begin, std::uint64_t total,
                         const Clock& clock)
    : label_(std::move(label)),
      begin_(begin),
      total_(total),
      clock_(clock),
      started_(clock.Now()) {}

ProgressBar::~ProgressBar() { EndProgress(); }

void ProgressBar::Update(std::uint64_t done) {
  const Clock::TimePoint now = clock_.Now();
  const double share = total_ > 0 ? static_cast<double>(done) / static_cast<double>(total_) : 1.0;
  char percent[16];
  std::snprintf(percent, sizeof(percent), "%3.0f %%", share * 100);
  std::string text = BarText(share, kColumns) + " " + percent + "  " +
                     BytesText(static_cast<double>(done)) + " of " +
                     BytesText(static_cast<double>(total_));
  // A rate of the first moments says nothing.
  if (const double seconds = Seconds(now - started_); seconds > 0.5)
    text += ", " + BytesText(static_cast<double>(done - begin_) / seconds) + "/s";
  ShowProgress(text + "  " + label_);
}

}  // namespace s2c
