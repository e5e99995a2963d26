// SPDX-License-Identifier: MIT
#include "client/io/block_cache.h"

#include <algorithm>
#include <iterator>

namespace s2c {

Block BlockRun::Get(std::uint64_t index) const {
  if (index < first || index - first >= count()) return {};
  const std::uint64_t begin = (index - first) * kBlockSize;
  const std::uint64_t end = std::min(begin + kBlockSize, size);
  if (end > body->size()) return {};
  return Block{body->chunk(static_cast<std::size_t>(begin / Body::kChunk)),
               static_cast<std::size_t>(begin % Body::kChunk),
               static_cast<std::size_t>(end - begin)};
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
  const Entries::iterator entry = found->second;
  entries_.splice(entries_.begin(), entries_, entry);
  const std::size_t at = static_cast<std::size_t>((index - entry->first) * kBlockSize);
  return Block{entry->chunk, at, std::min<std::size_t>(kBlockSize, entry->size - at)};
}

void BlockCache::Put(std::uint64_t file, const BlockRun& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t chunks = (run.size + Body::kChunk - 1) / Body::kChunk;
  // A run that does not fit would push out everything else, and its own beginning.
  if (chunks > capacity_ / Body::kChunk) return;
  for (std::uint64_t number = 0; number < chunks; ++number) PutChunk(file, run, number);
  Shrink();
}

void BlockCache::PutChunk(std::uint64_t file, const BlockRun& run, std::uint64_t number) {
  const std::uint64_t begin = number * Body::kChunk;
  const std::uint64_t first = run.first + number * kBlocksPerChunk;
  const std::size_t size =
      static_cast<std::size_t>(std::min<std::uint64_t>(Body::kChunk, run.size - begin));
  const Body::Chunk& chunk = run.body->chunk(static_cast<std::size_t>(number));
  const auto found = index_.find(Key{file, first});
  // Each of those who waited for a run puts it.
  if (found != index_.end() && found->second->chunk == chunk) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return;
  }
  entries_.push_front(Entry{file, first, chunk, size});
  used_ += Body::kChunk;
  // Where runs overlap, the newer one serves.
  for (std::uint64_t at = 0; at < size; at += kBlockSize)
    index_[Key{file, first + at / kBlockSize}] = entries_.begin();
}

void BlockCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  index_.clear();
  entries_.clear();
  used_ = 0;
}

void BlockCache::Drop(std::uint64_t file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (entry->file == file) Drop(entry);
    entry = next;
  }
}

std::size_t BlockCache::used() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return used_;
}

void BlockCache::Drop(Entries::iterator entry) {
  for (std::uint64_t at = 0; at < entry->size; at += kBlockSize) {
    const auto found = index_.find(Key{entry->file, entry->first + at / kBlockSize});
    if (found != index_.end() && found->second == entry) index_.erase(found);
  }
  used_ -= Body::kChunk;
  entries_.erase(entry);
}

void BlockCache::Shrink() {
  while (used_ > capacity_ && !entries_.empty()) Drop(std::prev(entries_.end()));
}

}  // namespace s2c
