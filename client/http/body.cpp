// SPDX-License-Identifier: MIT
#include "client/http/body.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "client/base/per_process.h"

namespace s2c {
namespace {

// Chunks that nobody uses at the moment, for whoever needs one next.
class IdleChunks {
 public:
  IdleChunks() { idle_.reserve(kMost); }

  char* Take() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!idle_.empty()) {
        char* const chunk = idle_.back();
        idle_.pop_back();
        return chunk;
      }
    }
    return new char[Body::kChunk];
  }

  void Give(char* chunk) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (idle_.size() < kMost) {
        idle_.push_back(chunk);
        return;
      }
    }
    delete[] chunk;
  }

  static IdleChunks& OfThisProcess() {
    static PerProcess<IdleChunks> chunks;
    return chunks.Get();
  }

 private:
  static constexpr std::size_t kMost = (std::size_t{8} << 20) / Body::kChunk;

  std::mutex mutex_;
  std::vector<char*> idle_;
};

Body::Chunk NewChunk() {
  return Body::Chunk(IdleChunks::OfThisProcess().Take(),
                     [](char* chunk) { IdleChunks::OfThisProcess().Give(chunk); });
}

}  // namespace

bool Body::Append(const char* data, std::size_t size) {
  std::size_t at = size_;
  if (size > capacity_ - at) return false;
  while (size > 0) {
    Chunk& chunk = chunks_[at / kChunk];
    if (!chunk) chunk = NewChunk();
    const std::size_t part = std::min(size, kChunk - at % kChunk);
    std::memcpy(chunk.get() + at % kChunk, data, part);
    data += part;
    at += part;
    size -= part;
  }
  size_ = at;
  return true;
}

}  // namespace s2c
