// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/api/pages.h"
#include "client/base/clock.h"

namespace s2c {

/// Lists that were read within the last seconds, with their pages: some twenty drivers of GDAL list
/// a folder, one after the other, before one of them opens it (issue 10). Thread-safe.
class RecentReaders {
 public:
  static constexpr std::chrono::seconds kRecent{5};
  static constexpr std::size_t kMost = 2;
  /// Bytes of JSON of one of them.
  static constexpr std::size_t kLargest = std::size_t{2} << 20;

  /// `clock` must outlive this.
  explicit RecentReaders(Clock& clock) : clock_(clock) {}

  struct Reading {
    std::string key;  ///< what is read, and how
    std::unique_ptr<PageReader> reader;
    /// When it was read at first; nothing for one that is.
    std::optional<Clock::TimePoint> read{};
  };

  /// A recent one, at its beginning and the caller's alone now; without a reader where there is
  /// none.
  Reading Take(const ListQuery& query);
  /// For the next one, after a reading without an error.
  void Keep(Reading reading);
  /// None of them is true any more.
  void Forget();

 private:
  void DropOld();

  Clock& clock_;
  std::mutex mutex_;
  std::list<Reading> readings_;  ///< latest first
};

}  // namespace s2c
