// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/api/api_client.h"
#include "client/base/clock.h"

namespace s2c {

using InferencePtr = std::shared_ptr<const ResolvedInference>;

/// How much is known of an inference; each has what is before it.
enum class Detail {
  kExistence,  ///< that it is there, and when it finished
  kFiles,      ///< its status and its files
  kAll         ///< all that opening a file needs and a dataset tells
};

/// What the API said within the last seconds, for those who look at a directory many times in a
/// row. Thread-safe.
class RecentInferences {
 public:
  static constexpr std::chrono::seconds kRecent{5};
  static constexpr std::size_t kMost = 2048;

  /// `clock` must outlive this.
  explicit RecentInferences(Clock& clock) : clock_(clock) {}

  /// Keeps what is known already where that is more, and as recent.
  void Remember(InferencePtr inference, Detail detail);
  /// Null where nothing recent is known, or less than is needed.
  InferencePtr Find(std::int64_t id, Detail needed) const;

  /// The last document is kept as it is: whoever asks for its size reads it next.
  void RememberText(std::int64_t id, std::string text);
  std::optional<std::string> FindText(std::int64_t id) const;

 private:
  struct Entry {
    InferencePtr inference;
    Detail detail;
    Clock::TimePoint fetched;
  };
  struct Text {
    std::int64_t id;
    std::string text;
    Clock::TimePoint fetched;
  };

  bool IsRecent(Clock::TimePoint fetched) const { return clock_.Now() - fetched < kRecent; }
  void MakeRoom();

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, Entry> entries_;
  std::optional<Text> text_;
};

}  // namespace s2c
