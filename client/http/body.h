// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace s2c {

/// The bytes of a ranged answer, which may be read while they arrive: one thread appends, any may
/// read what is there. In chunks that are used again and again: the system clears every page that
/// it gives, which took a third of the processor time of reading a large file, and bodies of all
/// lengths tear holes into the heap that were larger than the block cache.
class Body {
 public:
  static constexpr std::size_t kChunk = std::size_t{16} << 10;
  using Chunk = std::shared_ptr<char[]>;

  /// For `capacity` bytes; takes memory only for those that arrive.
  explicit Body(std::size_t capacity)
      : capacity_(capacity), chunks_((capacity + kChunk - 1) / kChunk) {}

  std::size_t capacity() const { return capacity_; }
  /// How many bytes are there.
  std::size_t size() const { return size_; }
  /// False, and nothing appended, where there are more bytes than there is room for.
  bool Append(const char* data, std::size_t size);
  /// The chunk that holds the bytes from index * kChunk on; one of those that are there.
  const Chunk& chunk(std::size_t index) const { return chunks_[index]; }

 private:
  const std::size_t capacity_;
  std::vector<Chunk> chunks_;  ///< never resized, so that readers need no lock
  std::atomic<std::size_t> size_{0};
};

}  // namespace s2c
