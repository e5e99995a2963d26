// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace s2c {

/// Bytes of a file, shared and never changed.
using Block = std::shared_ptr<const std::string>;

/// A block's place: the file's version (RemoteFile::id) and the block's number in it.
struct BlockKey {
  std::uint64_t file = 0;
  std::uint64_t index = 0;
  friend bool operator==(const BlockKey& a, const BlockKey& b) {
    return a.file == b.file && a.index == b.index;
  }
};

/// The blocks of all files of a process, the least recently used dropped first. Thread-safe; no
/// call does I/O. A block that a caller holds lives on after it was dropped.
class BlockCache {
 public:
  explicit BlockCache(std::size_t capacity = std::size_t{64} << 20) : capacity_(capacity) {}

  /// `bytes` of memory for the blocks' content.
  void SetCapacity(std::size_t bytes);
  /// Null where the cache does not have it.
  Block Get(const BlockKey& key);
  void Put(const BlockKey& key, Block block);
  void Clear();
  std::size_t used() const;

 private:
  struct Hash {
    std::size_t operator()(const BlockKey& key) const {
      return std::hash<std::uint64_t>()(key.file * 0x9E3779B97F4A7C15ULL + key.index);
    }
  };
  using Entries = std::list<std::pair<BlockKey, Block>>;

  void Shrink();

  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::size_t used_ = 0;
  Entries entries_;  ///< most recently used first
  std::unordered_map<BlockKey, Entries::iterator, Hash> index_;
};

}  // namespace s2c
