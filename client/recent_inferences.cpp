// SPDX-License-Identifier: MIT
#include "client/recent_inferences.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace s2c {

void RecentInferences::Remember(InferencePtr inference, Detail detail) {
  const std::int64_t id = inference->inference.id;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(id);
  if (found != entries_.end()) {
    if (found->second.detail <= detail || !IsRecent(found->second.fetched))
      found->second = {std::move(inference), detail, clock_.Now()};
    return;
  }
  if (entries_.size() >= kMost) MakeRoom();
  entries_[id] = {std::move(inference), detail, clock_.Now()};
}

// Halves at once, so that a long list costs no search for each row.
void RecentInferences::MakeRoom() {
  std::vector<Clock::TimePoint> times;
  for (const auto& entry : entries_) times.push_back(entry.second.fetched);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  std::size_t surplus = times.size() / 2;
  for (auto entry = entries_.begin(); entry != entries_.end() && surplus > 0;) {
    const bool old = entry->second.fetched <= *middle;
    surplus -= old ? 1 : 0;
    entry = old ? entries_.erase(entry) : std::next(entry);
  }
}

InferencePtr RecentInferences::Find(std::int64_t id, Detail needed) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.detail < needed || !IsRecent(found->second.fetched))
    return nullptr;
  return found->second.inference;
}

void RecentInferences::RememberText(std::int64_t id, std::string text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  text_ = Text{id, std::move(text), clock_.Now()};
}

std::optional<std::string> RecentInferences::FindText(std::int64_t id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!text_ || text_->id != id || !IsRecent(text_->fetched)) return std::nullopt;
  return text_->text;
}

}  // namespace s2c
