// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "client/http/exchange.h"
#include "client/io/block_cache.h"
#include "client/io/file_version.h"
#include "client/io/kept_beginning.h"
#include "client/io/read_ahead.h"
#include "client/io/scatter.h"

namespace s2c {

/// A part of a read: `range` goes to `target`, which holds range.size bytes.
struct ReadPart {
  ByteRange range;
  char* target = nullptr;
};

/// One version of a file on a server, read by ranges through the block cache. Thread-safe; equal
/// reads in flight share one request, and no lock is held while a request is on its way. A reader
/// waits only until the bytes have arrived that he asked for.
class RemoteFile {
 public:
  /// The references must outlive this. `merge_parts`: whether neighbouring parts of one read become
  /// one request (GDAL_HTTP_MERGE_CONSECUTIVE_RANGES).
  RemoteFile(Transport& transport, BlockCache& cache, FileVersion version, bool merge_parts = true,
             const Clock& clock = SystemClock());

  const FileVersion& version() const { return version_; }
  /// Whether the server did not have it a moment ago.
  bool IsMissing() const { return check_.missing().has_value(); }
  Headers KnownHeaders() const { return check_.headers(); }
  /// Whether this is what somebody means who was told `validator` of the file; who was told nothing
  /// means what the server has now.
  bool Serves(const std::string& validator) const;
  /// Whether the server was seen to have another version now.
  bool HasChanged() const { return check_.changed(); }
  /// The version with what the server has said of it.
  FileVersion SeenVersion() const;

  /// Makes sure that the file is there and its size is known; begins to fetch its beginning, or all
  /// of a small file, where neither is in the cache yet.
  Status Prepare();
  /// Begins to fetch what Prepare() would; waits for nothing.
  void FetchBeginning();
  /// Asks the server whether the beginning is still the kept one, in place of asking for it. `find`
  /// gives that when the beginning is asked for, once. Before anything is fetched.
  using FindKept = std::function<std::optional<KeptBeginning>()>;
  void Expect(FindKept find);
  /// Asks for nothing in that way, and TakeBeginning() gives nothing: for a file of many.
  void KeepNothing();
  /// What was fetched as the beginning, once, when all of it has come and the server has said what
  /// tells it from later versions; not where it was expected, or is longer than `most`.
  std::optional<KeptBeginning> TakeBeginning(std::size_t most);
  /// In bytes. No request where the API gave it.
  Result<std::uint64_t> Size();

  /// Reads up to `size` bytes; fewer only at the end of the file. `ahead` is the reader's, or null
  /// for one who reads in no order.
  Result<std::size_t> Read(std::uint64_t offset, std::size_t size, char* target, ReadAhead* ahead);
  /// Reads all parts, each wholly inside the file, in parallel.
  Status ReadParts(const std::vector<ReadPart>& parts, ReadAhead* ahead);
  /// Begins to fetch what will be read soon, at most `most` bytes; waits for nothing.
  void Advise(const std::vector<ByteRange>& ranges, std::uint64_t most, ReadAhead& ahead);
  /// Cancels what is on its way for this reader alone.
  void GiveUp(ReadAhead& ahead);
  /// Puts into the cache what has arrived since somebody last waited for it.
  void Settle();
  /// Takes what came of this file out of the cache: it turned out to be of no use.
  void DropBlocks();

 private:
  using Fetch = std::shared_ptr<BlockFetch>;
  using Fetches = std::vector<Fetch>;
  using Blocks = std::map<std::uint64_t, Block>;
  struct Begun {
    Fetches all;  ///< what brings the missing blocks
    Fetches own;  ///< those of them that were begun here
  };

  ByteRange Beginning() const;
  Headers AskAboutKept(const ByteRange& asked);
  Headers Conditions(const ByteRange& asked) const;
  std::optional<BlockRun> TakeKept(const ByteRange& asked, const Response& answer);
  void Add(const ByteRange& range, Blocks& blocks) const;
  void AddAround(Blocks& blocks) const;
  Begun FetchMissing(Blocks& blocks, std::uint64_t most_blocks);
  Fetches Register(Blocks& blocks, std::uint64_t most_blocks, Fetches& all);
  void Begin(const Fetch& fetch);
  Begun FetchParts(const std::vector<ReadPart>& parts, Blocks& blocks);
  Status Fill(const ByteRange& range, Blocks& blocks, ReadAhead* ahead);
  void GoAhead(const ByteRange& read, bool at_once, ReadAhead& ahead);
  void GiveUpSequence(ReadAhead& ahead);
  Scatter::Span Widen(const Scatter::Span& wanted, const Scatter::Span& room);
  Status CompleteAll(const Fetches& fetches, Blocks& blocks);
  Status CompleteRest(Blocks& blocks);
  Status Complete(const Fetch& fetch, Blocks& blocks);
  Result<BlockRun> TakeAnswer(const BlockFetch& fetch, const Result<Response>& answer);
  bool HasWhole() const;
  Result<BlockRun> TakeFromWhole(const BlockFetch& fetch) const;
  Result<BlockRun> RunOf(const BlockFetch& fetch, const ByteRange& range,
                         std::shared_ptr<const Body> body) const;
  ByteRange RangeOf(const BlockFetch& fetch) const;
  void Forget(const Fetch& fetch);

  Transport& transport_;
  BlockCache& cache_;
  const FileVersion version_;
  const bool merge_parts_;
  const std::uint64_t id_;
  VersionCheck check_;

  mutable std::mutex mutex_;
  Fetches in_flight_;
  std::shared_ptr<TemporaryFile> whole_;  ///< from a server that knows no ranges
  Scatter scatter_;
  FindKept find_kept_;
  std::optional<KeptBeginning> kept_;  ///< while it is asked about
  bool was_asked_about_kept_ = false;
  bool is_beginning_known_ = false;  ///< whoever keeps it has it
};

}  // namespace s2c
