// SPDX-License-Identifier: MIT
#include "client/recent_inferences.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace s2c {
namespace {

RunState StateOf(const Inference& inference, Detail detail) {
  RunState state{inference.id, std::nullopt, inference.timestamp_finished};
  if (detail != Detail::kExistence) state.status = inference.status;
  return state;
}

bool IsOtherRun(const RunState& a, const RunState& b) {
  return (a.status && b.status && *a.status != *b.status) ||
         (a.finished && b.finished && *a.finished != *b.finished);
}

}  // namespace

void RecentInferences::Remember(InferencePtr inference, Detail detail) {
  const std::int64_t id = inference->inference.id;
  const std::lock_guard<std::mutex> lock(mutex_);
  DropOtherRun(StateOf(inference->inference, detail));
  const auto found = entries_.find(id);
  if (found != entries_.end()) {
    const Entry& known = found->second;
    if (known.detail <= detail || !IsRecent(known.inference->inference, known.fetched))
      found->second = {std::move(inference), detail, clock_.Now()};
    return;
  }
  if (entries_.size() >= kMost) MakeRoom();
  entries_[id] = {std::move(inference), detail, clock_.Now()};
}

void RecentInferences::DropOtherRun(const RunState& state) {
  const auto found = entries_.find(state.id);
  if (found != entries_.end() &&
      IsOtherRun(state, StateOf(found->second.inference->inference, found->second.detail)))
    entries_.erase(found);
  if (document_ && document_->inference.id == state.id &&
      IsOtherRun(state, StateOf(document_->inference, Detail::kAll)))
    document_.reset();
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

bool RecentInferences::IsRecent(const Inference& inference, Clock::TimePoint fetched) const {
  return clock_.Now() - fetched < (inference.Succeeded() ? kRecent : kMoment);
}

InferencePtr RecentInferences::Find(std::int64_t id, Detail needed) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.detail < needed) return nullptr;
  const Entry& entry = found->second;
  // That it is there does not depend on how its run goes on.
  const bool is_recent = needed == Detail::kExistence
                             ? clock_.Now() - entry.fetched < kRecent
                             : IsRecent(entry.inference->inference, entry.fetched);
  return is_recent ? entry.inference : nullptr;
}

void RecentInferences::RememberText(const Inference& inference, std::string text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DropOtherRun(StateOf(inference, Detail::kAll));
  document_ = Document{inference, std::move(text), clock_.Now()};
}

std::optional<std::string> RecentInferences::FindText(std::int64_t id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!document_ || document_->inference.id != id ||
      !IsRecent(document_->inference, document_->fetched))
    return std::nullopt;
  return document_->text;
}

void RecentInferences::See(const RunState& state) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DropOtherRun(state);
}

void RecentInferences::Forget(std::int64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++forgotten_;
  entries_.erase(id);
  if (document_ && document_->inference.id == id) document_.reset();
}

std::uint64_t RecentInferences::forgotten() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return forgotten_;
}

}  // namespace s2c
