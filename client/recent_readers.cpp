// SPDX-License-Identifier: MIT
#include "client/recent_readers.h"

#include <algorithm>
#include <utility>

#include "client/base/text.h"

namespace s2c {

RecentReaders::Reading RecentReaders::Take(const ListQuery& query) {
  Reading taken;
  taken.key = query.type + "\n" + Joined(query.fields) + "\n" + query.filter + "\n" +
              std::to_string(query.page_size) + "\n" + std::to_string(query.limit);
  const std::lock_guard<std::mutex> lock(mutex_);
  DropOld();
  const auto found = std::find_if(readings_.begin(), readings_.end(),
                                  [&](const Reading& reading) { return reading.key == taken.key; });
  if (found == readings_.end()) return taken;
  taken = std::move(*found);
  readings_.erase(found);
  taken.reader->Rewind();
  return taken;
}

void RecentReaders::Keep(Reading reading) {
  if (!reading.reader->begun() || reading.reader->kept_size() > kLargest) return;
  if (!reading.read) reading.read = clock_.Now();
  const std::lock_guard<std::mutex> lock(mutex_);
  readings_.push_front(std::move(reading));
  DropOld();
  if (readings_.size() > kMost) readings_.pop_back();
}

void RecentReaders::Forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  readings_.clear();
}

void RecentReaders::DropOld() {
  const Clock::TimePoint now = clock_.Now();
  readings_.remove_if([&](const Reading& reading) { return now - *reading.read >= kRecent; });
}

}  // namespace s2c
