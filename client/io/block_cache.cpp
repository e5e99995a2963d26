// SPDX-License-Identifier: MIT
#include "client/io/block_cache.h"

#include <algorithm>
#include <iterator>

namespace s2c {

std::size_t Block::size() const { return std::min<std::size_t>(kBlockSize, body->size() - at); }

Block BlockOf(const BlockRun& run, std::uint64_t index) {
  return Block{run.body, static_cast<std::size_t>((index - run.first) * kBlockSize)};
}

void BlockCache::SetCapacity(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  capacity_ = bytes;
  Shrink();
}

std::size_t BlockCache::capacity() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return capacity_;
}

Block BlockCache::Get(std::uint64_t file, std::uint64_t index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = index_.find(Key{file, index});
  if (found == index_.end()) return {};
  entries_.splice(entries_.begin(), entries_, found->second);
  return BlockOf(found->second->run, index);
}

void BlockCache::Put(std::uint64_t file, const BlockRun& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (run.body->empty() || run.body->size() > capacity_) return;
  used_ += run.body->size();
  entries_.push_front(Entry{file, run});
  // Where runs overlap, the newer one serves.
  for (std::uint64_t i = 0; i < run.count(); ++i)
    index_[Key{file, run.first + i}] = entries_.begin();
  Shrink();
}

void BlockCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  index_.clear();
  entries_.clear();
  used_ = 0;
}

std::size_t BlockCache::used() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return used_;
}

void BlockCache::Drop(Entries::iterator entry) {
  for (std::uint64_t i = 0; i < entry->run.count(); ++i) {
    const auto found = index_.find(Key{entry->file, entry->run.first + i});
    if (found != index_.end() && found->second == entry) index_.erase(found);
  }
  used_ -= entry->run.body->size();
  entries_.erase(entry);
}

void BlockCache::Shrink() {
  while (used_ > capacity_ && !entries_.empty()) Drop(std::prev(entries_.end()));
}

}  // namespace s2c
