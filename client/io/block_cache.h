// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace s2c {

/// The grain of what is fetched and found again. A range of a file is widened to whole blocks, so a
/// larger one would fetch more that nobody needs: at 64 KiB, a fifth of random windows' bytes;
/// below 16 KiB there is nothing more to save.
constexpr std::uint64_t kBlockSize = 16 << 10;

/// Consecutive blocks of a file as they came, in one piece; the last one may be short.
struct BlockRun {
  std::uint64_t first = 0;  ///< number of the first block
  std::shared_ptr<const std::string> body;

  std::uint64_t count() const { return (body->size() + kBlockSize - 1) / kBlockSize; }
};

/// One block inside a run, which it keeps alive. Its bytes never change.
struct Block {
  std::shared_ptr<const std::string> body;
  std::size_t at = 0;

  explicit operator bool() const { return body != nullptr; }
  const char* data() const { return body->data() + at; }
  std::size_t size() const;
};

/// The block of that number, which is one of the run.
Block BlockOf(const BlockRun& run, std::uint64_t index);

/// The runs of all files of a process, the least recently used dropped first. A run comes and goes
/// as a whole: parts of it would keep all of its memory. Thread-safe; no call does I/O. A block
/// that a caller holds lives on after it was dropped.
class BlockCache {
 public:
  explicit BlockCache(std::size_t capacity = std::size_t{64} << 20) : capacity_(capacity) {}

  /// `bytes` of memory for the runs.
  void SetCapacity(std::size_t bytes);
  std::size_t capacity() const;
  /// Empty where the cache does not have it. `file` is RemoteFile's id.
  Block Get(std::uint64_t file, std::uint64_t index);
  void Put(std::uint64_t file, const BlockRun& run);
  void Clear();
  std::size_t used() const;

 private:
  struct Entry {
    std::uint64_t file;
    BlockRun run;
  };
  using Entries = std::list<Entry>;
  struct Key {
    std::uint64_t file;
    std::uint64_t index;
    friend bool operator==(const Key& a, const Key& b) {
      return a.file == b.file && a.index == b.index;
    }
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::uint64_t>()(key.file * 0x9E3779B97F4A7C15ULL + key.index);
    }
  };

  void Drop(Entries::iterator entry);
  void Shrink();

  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::size_t used_ = 0;
  Entries entries_;  ///< most recently used first
  std::unordered_map<Key, Entries::iterator, Hash> index_;
};

}  // namespace s2c
