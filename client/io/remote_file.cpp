// SPDX-License-Identifier: MIT
#include "client/io/remote_file.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>

#include "client/base/text.h"
#include "client/io/block_fetch.h"

namespace s2c {
namespace {

// A zip's directory is at its end, and is searched for from there backwards over 64 KiB and its own
// record (APPNOTE.TXT 4.3.16); the directory itself comes before that.
constexpr std::uint64_t kZipTail = 128 << 10;
// Blocks that lie so near are fetched with one request.
constexpr std::uint64_t kGapBlocks = (32 << 10) / kBlockSize;
constexpr std::uint64_t kMostBlocksPerFetch = (4 << 20) / kBlockSize;
constexpr std::uint64_t kAheadStep = 2 << 20;
constexpr std::uint64_t kLargestWhole = std::uint64_t{16} << 30;  // from who ignores Range

std::uint64_t NextId() {
  static std::atomic<std::uint64_t> next{1};
  return next++;
}

// The stretch of the file that the parts cover with hardly a gap; nothing where they lie apart.
std::optional<ByteRange> Stretch(const std::vector<ReadPart>& parts) {
  std::uint64_t begin = UINT64_MAX;
  std::uint64_t end = 0;
  std::uint64_t bytes = 0;
  for (const ReadPart& part : parts) {
    begin = std::min(begin, part.range.offset);
    end = std::max(end, part.range.end());
    bytes += part.range.size;
  }
  if (end <= begin || end - begin > bytes + parts.size() * kGapBlocks * kBlockSize)
    return std::nullopt;
  return ByteRange{begin, end - begin};
}

bool EndsWithZip(const std::string& path) {
  return path.size() > 4 && EqualIgnoringCase(path.substr(path.size() - 4), ".zip");
}

bool Copy(const ByteRange& range, const std::map<std::uint64_t, Block>& blocks, char* target) {
  for (std::uint64_t done = 0; done < range.size;) {
    const std::uint64_t at = range.offset + done;
    const auto found = blocks.find(at / kBlockSize);
    const std::uint64_t in_block = at % kBlockSize;
    if (found == blocks.end() || !found->second || in_block >= found->second.size) return false;
    const std::uint64_t size = std::min(range.size - done, found->second.size - in_block);
    std::memcpy(target + done, found->second.data() + in_block, static_cast<std::size_t>(size));
    done += size;
  }
  return true;
}

tl::unexpected<Error> Unreadable(const FileVersion& version, Error error) {
  error.message = version.label + " cannot be read: " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace

RemoteFile::RemoteFile(Transport& transport, BlockCache& cache, FileVersion version,
                       bool merge_parts, const Clock& clock)
    : transport_(transport),
      cache_(cache),
      version_(std::move(version)),
      merge_parts_(merge_parts),
      id_(NextId()),
      check_(version_, clock) {}

Result<std::uint64_t> RemoteFile::Size() {
  if (const auto size = check_.size()) return *size;
  const Status prepared = Prepare();
  if (!prepared) return Pass(prepared);
  return check_.size().value_or(0);
}

bool RemoteFile::Serves(const std::string& validator) const {
  const std::string known = check_.validator();
  if (!validator.empty()) return !known.empty() && Validator(validator).Allows(Validator(known));
  return !check_.changed() && (version_.validator.empty() || check_.confirmed());
}

FileVersion RemoteFile::SeenVersion() const {
  FileVersion seen = version_;
  seen.validator = check_.validator();
  return seen;
}

void RemoteFile::DropBlocks() { cache_.Drop(id_); }

Status RemoteFile::Prepare() {
  if (check_.confirmed() || check_.size() == std::uint64_t{0}) return {};
  Blocks blocks;
  return Fill({0, 1}, blocks, nullptr);
}

Result<std::size_t> RemoteFile::Read(std::uint64_t offset, std::size_t size, char* target,
                                     ReadAhead* ahead) {
  const auto total = Size();
  if (!total) return Pass(total);
  if (offset >= *total || size == 0) return std::size_t{0};
  const ByteRange range{offset, std::min<std::uint64_t>(size, *total - offset)};
  Blocks blocks;
  const Status filled = Fill(range, blocks, ahead);
  if (!filled) return Pass(filled);
  if (!Copy(range, blocks, target))
    return Fail(ErrorKind::kProtocol, version_.label + " cannot be read: bytes are missing");
  return static_cast<std::size_t>(range.size);
}

Status RemoteFile::ReadParts(const std::vector<ReadPart>& parts, ReadAhead* ahead) {
  const auto total = Size();
  if (!total) return Pass(total);
  std::vector<ByteRange> ranges;
  for (const ReadPart& part : parts) {
    if (part.range.offset > *total || part.range.size > *total - part.range.offset)
      return Fail(ErrorKind::kInvalidInput, "a read beyond the end of " + version_.label);
    ranges.push_back(part.range);
  }
  Settle();
  std::optional<ByteRange> next;
  Blocks blocks;
  const Begun begun = FetchParts(parts, blocks);
  if (const auto stretch = Stretch(parts); ahead && stretch) {
    GoAhead(*stretch, true, *ahead);
  } else if (ahead) {
    GiveUpSequence(*ahead);
    next = ahead->ObserveRows(ranges);
  }
  Status completed = CompleteAll(begun.all, blocks);
  if (completed) completed = CompleteRest(blocks);
  if (!completed) return completed;
  // Not before, since it would share the link with these; now these are decoded meanwhile.
  if (next) Advise({*next}, next->size, *ahead);
  for (const ReadPart& part : parts) {
    if (!Copy(part.range, blocks, part.target))
      return Fail(ErrorKind::kProtocol, version_.label + " cannot be read: bytes are missing");
  }
  return {};
}

RemoteFile::Begun RemoteFile::FetchParts(const std::vector<ReadPart>& parts, Blocks& blocks) {
  if (merge_parts_) {
    for (const ReadPart& part : parts) Add(part.range, blocks);
    return FetchMissing(blocks, kMostBlocksPerFetch);
  }
  Begun begun;
  for (const ReadPart& part : parts) {
    Blocks of_part;
    Add(part.range, of_part);
    const Begun more = FetchMissing(of_part, kMostBlocksPerFetch);
    begun.all.insert(begun.all.end(), more.all.begin(), more.all.end());
    blocks.merge(of_part);
  }
  return begun;
}

void RemoteFile::Advise(const std::vector<ByteRange>& ranges, std::uint64_t most,
                        ReadAhead& ahead) {
  // Of a file whose size nobody knows yet, its beginning.
  const std::uint64_t total = check_.size().value_or(kFirstBytes);
  Blocks blocks;
  std::uint64_t bytes = 0;
  for (ByteRange range : ranges) {
    if (range.offset >= total) continue;
    range.size = std::min(range.size, total - range.offset);
    bytes += range.size;
    if (bytes > most) break;
    Add(range, blocks);
  }
  ahead.AddAdvised(FetchMissing(blocks, kMostBlocksPerFetch).own);
}

void RemoteFile::GiveUp(ReadAhead& ahead) {
  GiveUpSequence(ahead);
  for (const Fetch& fetch : ahead.TakeAdvised()) Forget(fetch);
}

void RemoteFile::GiveUpSequence(ReadAhead& ahead) {
  Settle();
  for (const Fetch& fetch : ahead.TakeUnused()) Forget(fetch);
}

void RemoteFile::Settle() {
  Fetches arrived;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Fetch& fetch : in_flight_) {
      if (fetch->IsDone()) arrived.push_back(fetch);
    }
  }
  for (const Fetch& fetch : arrived) {
    if (const auto run = fetch->Whole()) cache_.Put(id_, *run);
    Forget(fetch);
  }
}

void RemoteFile::Add(const ByteRange& range, Blocks& blocks) const {
  if (range.size == 0) return;
  const std::uint64_t last = (range.end() - 1) / kBlockSize;
  for (std::uint64_t i = range.offset / kBlockSize; i <= last; ++i) blocks[i] = cache_.Get(id_, i);
}

// What the first request brings beside the block that is asked for, and the first to a zip's end.
void RemoteFile::AddAround(Blocks& blocks) const {
  if (blocks.empty()) return;
  Blocks around;
  const auto size = check_.size();
  const auto& [first, block] = *blocks.begin();
  if (first == 0 && !block && !check_.confirmed()) Add(Beginning(), around);
  if (size && *size > kZipTail && first * kBlockSize + kZipTail > *size && !block &&
      EndsWithZip(version_.url.path()))
    Add({*size - kZipTail, kZipTail}, around);
  blocks.merge(around);
}

// Begins what is missing before it waits for any of it, and what is ahead before it waits at all.
Status RemoteFile::Fill(const ByteRange& range, Blocks& blocks, ReadAhead* ahead) {
  Settle();
  Add(range, blocks);
  Blocks wider = blocks;
  AddAround(wider);
  const Begun begun = FetchMissing(wider, kMostBlocksPerFetch);
  for (auto& [index, block] : blocks) block = wider[index];
  if (ahead) GoAhead(range, false, *ahead);
  const Status completed = CompleteAll(begun.all, blocks);
  return completed ? CompleteRest(blocks) : completed;
}

// What servers have left out that sent less than was asked for. Each answer brings a block at
// least.
Status RemoteFile::CompleteRest(Blocks& blocks) {
  const std::uint64_t size = check_.size().value_or(0);
  const auto is_missing = [size](const auto& entry) {
    return !entry.second && entry.first * kBlockSize < size;
  };
  for (std::size_t most = blocks.size(); most > 0; --most) {
    if (std::none_of(blocks.begin(), blocks.end(), is_missing)) break;
    const Status completed = CompleteAll(FetchMissing(blocks, kMostBlocksPerFetch).all, blocks);
    if (!completed) return completed;
  }
  return {};
}

void RemoteFile::GoAhead(const ByteRange& read, bool at_once, ReadAhead& ahead) {
  std::uint64_t to = ahead.Observe(read, at_once);
  if (!ahead.goes_on()) GiveUpSequence(ahead);
  to = std::min(to, check_.size().value_or(0));
  // Whole blocks: their rest would be asked for again.
  const std::uint64_t read_to = (read.end() + kBlockSize - 1) / kBlockSize * kBlockSize;
  const std::uint64_t from = std::max(ahead.begun_to(), read_to);
  if (to <= from) return;
  const bool to_the_end = to == check_.size();
  if (!to_the_end && to - from < std::min(kAheadStep, (to - read.end()) / 2)) return;
  Blocks blocks;
  Add({from, to - from}, blocks);
  const std::uint64_t begun_to = (to + kBlockSize - 1) / kBlockSize * kBlockSize;
  ahead.AddBegun(begun_to, FetchMissing(blocks, kAheadStep / kBlockSize).own);
}

RemoteFile::Begun RemoteFile::FetchMissing(Blocks& blocks, std::uint64_t most_blocks) {
  Begun begun;
  begun.own = Register(blocks, most_blocks, begun.all);
  for (const Fetch& fetch : begun.own) Begin(fetch);
  begun.all.insert(begun.all.end(), begun.own.begin(), begun.own.end());
  return begun;
}

// Makes fetches for the runs of missing blocks, without sending anything; `all` gets those of
// others that bring some of them already.
RemoteFile::Fetches RemoteFile::Register(Blocks& blocks, std::uint64_t most_blocks, Fetches& all) {
  Fetches own;
  const std::lock_guard<std::mutex> lock(mutex_);
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t behind = 0;
  const auto finish_run = [&](std::uint64_t next) {
    if (first == end) return;
    auto [from, to] = Widen({first, end}, {behind, next});
    behind = to;
    for (; from < to; from += most_blocks)
      own.push_back(std::make_shared<BlockFetch>(from, std::min(to - from, most_blocks)));
  };
  for (auto& [index, block] : blocks) {
    if (block) continue;
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [i = index](const Fetch& fetch) { return fetch->Brings(i); });
    if (found != in_flight_.end()) {
      if (all.empty() || all.back() != *found) all.push_back(*found);
      continue;
    }
    // A fetch that was in flight when the caller looked into the cache may have ended since.
    block = cache_.Get(id_, index);
    if (block) continue;
    if (index > end + kGapBlocks || end == 0) {
      finish_run(index);
      first = index;
    }
    end = index + 1;
  }
  finish_run(UINT64_MAX);
  in_flight_.insert(in_flight_.end(), own.begin(), own.end());
  return own;
}

// Under the lock.
Scatter::Span RemoteFile::Widen(const Scatter::Span& wanted, const Scatter::Span& room) {
  const std::uint64_t size = check_.size().value_or(0);
  // What comes along must still be there when it is wanted.
  if (size == 0 || size > cache_.capacity()) return wanted;
  const std::uint64_t count = (size + kBlockSize - 1) / kBlockSize;
  return scatter_.Widen(
      wanted, {room.first, std::min(room.end, count)}, count, [this](std::uint64_t block) {
        return cache_.Get(id_, block) ||
               std::any_of(in_flight_.begin(), in_flight_.end(),
                           [block](const Fetch& fetch) { return fetch->Brings(block); });
      });
}

void RemoteFile::Begin(const Fetch& fetch) {
  Request request;
  request.url = version_.url;
  request.range = RangeOf(*fetch);
  request.headers = AskAboutKept(*request.range);
  request.is_flawed = [this, asked = *request.range](const Response& answer) {
    return check_.IsFlawed(asked, answer);
  };
  // No less than usual: the page that comes with an error may be longer than a small file.
  const std::uint64_t size = check_.size().value_or(kLargestWhole);
  request.max_body = std::clamp(size, request.max_body, kLargestWhole);
  std::unique_ptr<Exchange> exchange;
  try {
    if (HasWhole()) return fetch->Bring(TakeFromWhole(*fetch));
    if (const auto missing = check_.missing()) return fetch->Bring(tl::unexpected<Error>(*missing));
    exchange = transport_.Start(std::move(request));
  } catch (const std::exception&) {
    // Told by the fetch, to all who wait for it.
  }
  fetch->Begin(std::move(exchange));
}

ByteRange RemoteFile::RangeOf(const BlockFetch& fetch) const {
  const std::uint64_t offset = fetch.first() * kBlockSize;
  std::uint64_t end = offset + fetch.count() * kBlockSize;
  if (const auto size = check_.size()) end = std::min(end, *size);
  return {offset, end - offset};
}

Status RemoteFile::CompleteAll(const Fetches& fetches, Blocks& blocks) {
  Status first_failure;
  for (const Fetch& fetch : fetches) {
    if (first_failure) {
      first_failure = Complete(fetch, blocks);
    } else {
      Forget(fetch);  // cancelled, unless somebody else waits for it
    }
  }
  return first_failure;
}

Status RemoteFile::Complete(const Fetch& fetch, Blocks& blocks) {
  const auto begin = blocks.lower_bound(fetch->first());
  const auto end = blocks.lower_bound(fetch->first() + fetch->count());
  // The last that is missing: those before it have arrived then as well.
  std::optional<std::uint64_t> last;
  for (auto wanted = begin; wanted != end; ++wanted) {
    if (!wanted->second) last = wanted->first;
  }
  if (!last) return {};
  const auto take = [&](const Result<Response>& answer) { return TakeAnswer(*fetch, answer); };
  const Result<BlockRun> run = fetch->WaitFor(*last, take);
  // Asked once: the rest may arrive meanwhile, and what is forgotten must be in the cache.
  const bool is_whole = run && run->IsWhole();
  if (is_whole) cache_.Put(id_, *run);
  if (!run || is_whole) Forget(fetch);
  if (!run) return Pass(run);
  for (auto wanted = begin; wanted != end; ++wanted) {
    if (!wanted->second) wanted->second = run->Get(wanted->first);
  }
  return {};
}

void RemoteFile::Forget(const Fetch& fetch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  in_flight_.erase(std::remove(in_flight_.begin(), in_flight_.end(), fetch), in_flight_.end());
}

Result<BlockRun> RemoteFile::TakeAnswer(const BlockFetch& fetch, const Result<Response>& answer) {
  if (!answer) return Unreadable(version_, answer.error());
  if (auto kept = TakeKept(RangeOf(fetch), *answer)) return std::move(*kept);
  const auto range = check_.Check(RangeOf(fetch), *answer);
  if (!range) return Pass(range);
  if (answer->part) return RunOf(fetch, *range, answer->part);
  if (!answer->whole) return BlockRun{fetch.first(), 0, std::make_shared<Body>(0)};
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    whole_ = answer->whole;
  }
  return TakeFromWhole(fetch);
}

// The whole blocks of an answer, where the server has sent less than was asked for.
Result<BlockRun> RemoteFile::RunOf(const BlockFetch& fetch, const ByteRange& range,
                                   std::shared_ptr<const Body> body) const {
  BlockRun run{fetch.first(), range.size, std::move(body)};
  if (range.end() < RangeOf(fetch).end()) run.size -= run.size % kBlockSize;
  if (run.size > 0) return run;
  return Fail(ErrorKind::kProtocol, version_.label +
                                        " cannot be read: the server sends less than " +
                                        std::to_string(kBlockSize) + " bytes at a time");
}

bool RemoteFile::HasWhole() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return whole_ != nullptr;
}

// From the file as a whole, which came once in place of a part.
Result<BlockRun> RemoteFile::TakeFromWhole(const BlockFetch& fetch) const {
  std::shared_ptr<TemporaryFile> whole;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    whole = whole_;
  }
  const ByteRange range = RangeOf(fetch);
  auto body = std::make_shared<Body>(static_cast<std::size_t>(range.size));
  std::vector<char> block(kBlockSize);
  for (std::uint64_t done = 0; done < range.size;) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, range.size - done));
    const Status read = whole->ReadAt(range.offset + done, block.data(), size);
    if (!read) {
      Error error = read.error();
      error.message += "; set TMPDIR (TMP on Windows) to a folder on another disk";
      return Unreadable(version_, std::move(error));
    }
    body->Append(block.data(), size);
    done += size;
  }
  return BlockRun{fetch.first(), range.size, std::move(body)};
}

}  // namespace s2c
