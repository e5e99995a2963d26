// SPDX-License-Identifier: MIT
#include "client/io/block_cache.h"

namespace s2c {

void BlockCache::SetCapacity(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  capacity_ = bytes;
  Shrink();
}

Block BlockCache::Get(const BlockKey& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void BlockCache::Put(const BlockKey& key, Block block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = index_.find(key); found != index_.end()) {
    used_ -= found->second->second->size();
    entries_.erase(found->second);
    index_.erase(found);
  }
  used_ += block->size();
  entries_.emplace_front(key, std::move(block));
  index_[key] = entries_.begin();
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

void BlockCache::Shrink() {
  while (used_ > capacity_ && !entries_.empty()) {
    used_ -= entries_.back().second->size();
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

}  // namespace s2c
