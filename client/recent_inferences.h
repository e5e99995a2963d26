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

/// What an answer of the API, which may leave out the rest, says of how an inference stands.
struct RunState {
  std::int64_t id = 0;
  std::optional<Text> status;
  std::optional<Text> finished;
};

/// What the API said within the last seconds: programs open one result many times in a row, and
/// look at its directory as often. Of a run that has not succeeded, which may go on any moment, for
/// a moment only. Thread-safe.
class RecentInferences {
 public:
  static constexpr std::chrono::seconds kRecent{5};
  static constexpr std::chrono::seconds kMoment{1};
  static constexpr std::size_t kMost = 2048;

  /// `clock` must outlive this.
  explicit RecentInferences(Clock& clock) : clock_(clock) {}

  /// Keeps what is known already where that is more, as recent, and of the same run.
  void Remember(InferencePtr inference, Detail detail);
  /// Null where nothing recent is known, or less than is needed.
  InferencePtr Find(std::int64_t id, Detail needed) const;

  /// The last document is kept as it is: the layers of one inference share it, and whoever asks for
  /// its size reads it next. `inference` is what it says.
  void RememberText(const Inference& inference, std::string text);
  std::optional<std::string> FindText(std::int64_t id) const;

  /// Drops what is known of another run than this one.
  void See(const RunState& state);
  /// What is known of an inference is true no more.
  void Forget(std::int64_t id);
  /// Another number after each Forget(): what was asked for before must not be remembered after it.
  std::uint64_t forgotten() const;

 private:
  struct Entry {
    InferencePtr inference;
    Detail detail;
    Clock::TimePoint fetched;
  };
  struct Document {
    Inference inference;
    std::string text;
    Clock::TimePoint fetched;
  };

  bool IsRecent(const Inference& inference, Clock::TimePoint fetched) const;
  void DropOtherRun(const RunState& state);
  void MakeRoom();

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, Entry> entries_;
  std::optional<Document> document_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace s2c
