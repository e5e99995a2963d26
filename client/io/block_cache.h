// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "client/http/exchange.h"

namespace s2c {

/// The grain of what is fetched and found again. A range of a file is widened to whole blocks, so a
/// larger one fetches more that nobody needs: at 64 KiB, a fifth of random windows' bytes; at 16
/// KiB still 2 % of a window of 512 pixels.
constexpr std::uint64_t kBlockSize = 4 << 10;
static_assert(Body::kChunk % kBlockSize == 0, "no block lies in two chunks");

/// A view of one block of a file, which keeps its memory alive. Its bytes never change.
struct Block {
  Body::Chunk chunk;
  std::size_t at = 0;
  std::size_t size = 0;

  explicit operator bool() const { return chunk != nullptr; }
  const char* data() const { return chunk.get() + at; }
};

/// Consecutive blocks of a file, which may still be arriving; the last one may be short.
struct BlockRun {
  std::uint64_t first = 0;  ///< number of the first block
  std::uint64_t size = 0;   ///< bytes, when all are there; the body may have some more
  std::shared_ptr<const Body> body;

  std::uint64_t count() const { return (size + kBlockSize - 1) / kBlockSize; }
  bool IsWhole() const { return body->size() >= size; }
  /// Empty where the block is not of this run, or not there yet.
  Block Get(std::uint64_t index) const;
};

/// The blocks of all files of a process, the least recently used dropped first, by chunks: what has
/// one memory comes and goes together. Thread-safe; no call does I/O. A block that a caller holds
/// lives on after it was dropped.
class BlockCache {
 public:
  explicit BlockCache(std::size_t capacity = std::size_t{64} << 20) : capacity_(capacity) {}

  /// `bytes` of memory for the blocks.
  void SetCapacity(std::size_t bytes);
  std::size_t capacity() const;
  /// Empty where the cache does not have it. `file` is RemoteFile's id.
  Block Get(std::uint64_t file, std::uint64_t index);
  /// The run must be whole.
  void Put(std::uint64_t file, const BlockRun& run);
  void Clear();
  /// All blocks of one file.
  void Drop(std::uint64_t file);
  std::size_t used() const;

 private:
  static constexpr std::uint64_t kBlocksPerChunk = Body::kChunk / kBlockSize;

  struct Entry {
    std::uint64_t file;
    std::uint64_t first;
    Body::Chunk chunk;
    std::size_t size;
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

  void PutChunk(std::uint64_t file, const BlockRun& run, std::uint64_t number);
  void Drop(Entries::iterator entry);
  void Shrink();

  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::size_t used_ = 0;
  Entries entries_;  ///< most recently used first
  std::unordered_map<Key, Entries::iterator, Hash> index_;
};

}  // namespace s2c
