// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/http/exchange.h"
#include "client/io/block_cache.h"

namespace s2c {

/// Which bytes are meant: a rerun writes new ones under the old address.
struct FileVersion {
  Url url;
  std::optional<std::uint64_t> size;  ///< as the API has it
  std::string stamp;                  ///< timestamp_finished
  std::string label;                  ///< for errors: "output 'x' of inference 1"
};

/// Where one reader stands; each file handle has its own.
struct ReadPosition {
  std::uint64_t next = 0;   ///< where a sequential reader would go on
  std::uint64_t ahead = 0;  ///< how many blocks to fetch beyond what is asked
};

/// A part of a read: `range` goes to `target`, which holds range.size bytes.
struct ReadPart {
  ByteRange range;
  char* target = nullptr;
};

class BlockFetch;
struct BlockRun;

/// One version of a file on a server, read by ranges through the block cache. Thread-safe; equal
/// reads in flight share one request, and no lock is held while a request is on its way.
class RemoteFile {
 public:
  /// The references must outlive this.
  RemoteFile(Transport& transport, BlockCache& cache, FileVersion version);

  const FileVersion& version() const { return version_; }

  /// Makes sure that the file is there and its size is known; fetches its beginning, or all of a
  /// small file, where neither is in the cache yet.
  Status Prepare();
  /// In bytes. No request where the API gave it.
  Result<std::uint64_t> Size();
  /// What the server said of the file (content-type, etag, last-modified), as far as it is known.
  Headers KnownHeaders() const;
  /// Whether the server was seen to have another version now: who opens it again needs a new one.
  bool Changed() const;

  /// Reads up to `size` bytes; fewer only at the end of the file.
  Result<std::size_t> Read(std::uint64_t offset, std::size_t size, char* target,
                           ReadPosition& position);
  /// Reads all parts, each wholly inside the file, in parallel.
  Status ReadParts(const std::vector<ReadPart>& parts);

 private:
  using Fetch = std::shared_ptr<BlockFetch>;

  std::uint64_t BlockCount() const;
  ByteRange RangeOf(const BlockFetch& fetch) const;
  Result<BlockRun> Slice(const BlockFetch& fetch, Result<Response> answer);
  std::vector<Fetch> FetchMissing(std::map<std::uint64_t, Block>& blocks);
  Status Complete(const Fetch& fetch, std::map<std::uint64_t, Block>& blocks);
  Status CompleteAll(const std::vector<Fetch>& fetches, std::map<std::uint64_t, Block>& blocks);
  void Forget(const Fetch& fetch);
  Result<ByteRange> CheckAnswer(const ByteRange& asked, const Response& response);
  Status CheckVersion(const Response& response, std::optional<std::uint64_t> total);
  tl::unexpected<Error> Refuse(const Response& response) const;
  Status ReadBlocks(std::uint64_t first, std::uint64_t last, std::uint64_t ahead,
                    std::map<std::uint64_t, Block>& blocks);

  Transport& transport_;
  BlockCache& cache_;
  const FileVersion version_;
  const std::uint64_t id_;

  mutable std::mutex mutex_;
  std::optional<std::uint64_t> size_;
  bool confirmed_ = false;  ///< the server has answered for this version
  bool changed_ = false;    ///< the server was seen to have another version
  std::string etag_;
  Headers headers_;
  std::map<std::uint64_t, Fetch> in_flight_;
};

}  // namespace s2c
