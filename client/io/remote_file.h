// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "client/http/exchange.h"
#include "client/io/block_cache.h"
#include "client/io/file_version.h"
#include "client/io/read_ahead.h"

namespace s2c {

/// A part of a read: `range` goes to `target`, which holds range.size bytes.
struct ReadPart {
  ByteRange range;
  char* target = nullptr;
};

/// One version of a file on a server, read by ranges through the block cache. Thread-safe; equal
/// reads in flight share one request, and no lock is held while a request is on its way.
class RemoteFile {
 public:
  /// The references must outlive this.
  RemoteFile(Transport& transport, BlockCache& cache, FileVersion version);

  const FileVersion& version() const { return version_; }
  Headers KnownHeaders() const { return check_.headers(); }
  bool Changed() const { return check_.changed(); }

  /// Makes sure that the file is there and its size is known; fetches its beginning, or all of a
  /// small file, where neither is in the cache yet.
  Status Prepare();
  /// In bytes. No request where the API gave it.
  Result<std::uint64_t> Size();

  /// Reads up to `size` bytes; fewer only at the end of the file. `ahead` is the reader's, or null
  /// for one who reads in no order.
  Result<std::size_t> Read(std::uint64_t offset, std::size_t size, char* target, ReadAhead* ahead);
  /// Reads all parts, each wholly inside the file, in parallel.
  Status ReadParts(const std::vector<ReadPart>& parts, ReadAhead* ahead);
  /// Begins to fetch what will be read soon; waits for nothing.
  void Advise(const std::vector<ByteRange>& ranges, ReadAhead& ahead);
  /// Cancels what is on its way for this reader alone.
  void GiveUp(ReadAhead& ahead);

 private:
  using Fetch = std::shared_ptr<BlockFetch>;
  using Fetches = std::vector<Fetch>;
  using Blocks = std::map<std::uint64_t, Block>;
  struct Begun {
    Fetches all;  ///< what brings the missing blocks
    Fetches own;  ///< those of them that were begun here
  };

  void Add(const ByteRange& range, Blocks& blocks) const;
  void AddFirst(Blocks& blocks) const;
  Begun FetchMissing(Blocks& blocks, std::uint64_t most_blocks);
  Fetches Register(Blocks& blocks, std::uint64_t most_blocks, Fetches& all);
  void Begin(const Fetch& fetch);
  Status Fill(const ByteRange& read, Blocks& blocks, ReadAhead* ahead);
  void GoAhead(const ByteRange& read, ReadAhead& ahead);
  Status Complete(const Fetch& fetch, Blocks& blocks);
  Result<BlockRun> TakeAnswer(const BlockFetch& fetch, Result<Response> answer);
  ByteRange RangeOf(const BlockFetch& fetch) const;
  void Forget(const Fetch& fetch);

  Transport& transport_;
  BlockCache& cache_;
  const FileVersion version_;
  const std::uint64_t id_;
  VersionCheck check_;

  std::mutex mutex_;
  std::map<std::uint64_t, Fetch> in_flight_;  ///< by block
};

}  // namespace s2c
