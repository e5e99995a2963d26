// SPDX-License-Identifier: MIT
#include "client/io/remote_file.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>

#include "client/base/text.h"
#include "client/http/byte_ranges.h"
#include "client/io/block_fetch.h"

namespace s2c {
namespace {

constexpr std::uint64_t kBlockSize = 64 << 10;
// A file up to this size comes whole with the first request: its few round trips would cost more.
constexpr std::uint64_t kWholeFile = 1 << 20;
// Of a larger file, so much first: a GeoTIFF's header and its tile index.
constexpr std::uint64_t kFirstBytes = 128 << 10;
constexpr std::uint64_t kMostBlocksAhead = 32;
constexpr std::uint64_t kMostBlocksPerFetch = 64;
// What a server that ignores Range may send in place of a part.
constexpr std::size_t kWholeAnswer = std::size_t{16} << 20;

std::uint64_t NextId() {
  static std::atomic<std::uint64_t> next{1};
  return next++;
}

}  // namespace

RemoteFile::RemoteFile(Transport& transport, BlockCache& cache, FileVersion version)
    : transport_(transport),
      cache_(cache),
      version_(std::move(version)),
      id_(NextId()),
      size_(version_.size) {}

Headers RemoteFile::KnownHeaders() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return headers_;
}

bool RemoteFile::Changed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return changed_;
}

Result<std::uint64_t> RemoteFile::Size() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (size_) return *size_;
  }
  const Status prepared = Prepare();
  if (!prepared) return Pass(prepared);
  const std::lock_guard<std::mutex> lock(mutex_);
  return *size_;
}

Status RemoteFile::Prepare() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (confirmed_ || size_ == std::uint64_t{0}) return {};
  }
  std::map<std::uint64_t, Block> blocks;
  return ReadBlocks(0, 0, 0, blocks);
}

Result<std::size_t> RemoteFile::Read(std::uint64_t offset, std::size_t size, char* target,
                                     ReadPosition& position) {
  const auto total = Size();
  if (!total) return Pass(total);
  if (offset >= *total || size == 0) return std::size_t{0};
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, *total - offset));
  const std::uint64_t first = offset / kBlockSize;
  const std::uint64_t last = (offset + size - 1) / kBlockSize;
  // Read ahead for those who read on where they stopped, ever more, and for nobody else.
  if (offset != position.next) {
    position.ahead = 0;
  } else if (offset > 0) {
    position.ahead = std::clamp<std::uint64_t>(position.ahead * 2, 1, kMostBlocksAhead);
  }
  std::map<std::uint64_t, Block> blocks;
  const Status read = ReadBlocks(first, last, position.ahead, blocks);
  if (!read) return Pass(read);
  std::size_t done = 0;
  while (done < size) {
    const std::uint64_t at = offset + done;
    const Block& block = blocks[at / kBlockSize];
    const std::uint64_t in_block = at % kBlockSize;
    const std::size_t part =
        static_cast<std::size_t>(std::min<std::uint64_t>(size - done, block->size() - in_block));
    std::memcpy(target + done, block->data() + in_block, part);
    done += part;
  }
  position.next = offset + size;
  return size;
}

Status RemoteFile::ReadParts(const std::vector<ReadPart>& parts) {
  // Start what is missing of all parts before waiting for any.
  std::map<std::uint64_t, Block> blocks;
  for (const ReadPart& part : parts) {
    if (part.range.size == 0) continue;
    const std::uint64_t last = (part.range.end() - 1) / kBlockSize;
    for (std::uint64_t i = part.range.offset / kBlockSize; i <= last; ++i)
      blocks[i] = cache_.Get({id_, i});
  }
  const Status completed = CompleteAll(FetchMissing(blocks), blocks);
  if (!completed) return completed;
  for (const ReadPart& part : parts) {
    for (std::uint64_t done = 0; done < part.range.size;) {
      const std::uint64_t at = part.range.offset + done;
      const Block& block = blocks[at / kBlockSize];
      const std::uint64_t in_block = at % kBlockSize;
      if (!block || in_block >= block->size())
        return Fail(ErrorKind::kInvalidInput, "a read beyond the end of " + version_.label);
      const std::uint64_t size = std::min(part.range.size - done, block->size() - in_block);
      std::memcpy(part.target + done, block->data() + in_block, static_cast<std::size_t>(size));
      done += size;
    }
  }
  return {};
}

std::uint64_t RemoteFile::BlockCount() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return size_ ? (*size_ + kBlockSize - 1) / kBlockSize : kFirstBytes / kBlockSize;
}

Status RemoteFile::ReadBlocks(std::uint64_t first, std::uint64_t last, std::uint64_t ahead,
                              std::map<std::uint64_t, Block>& blocks) {
  bool missing = false;
  for (std::uint64_t i = first; i <= last; ++i) {
    blocks[i] = cache_.Get({id_, i});
    missing = missing || !blocks[i];
  }
  if (!missing) return {};
  bool confirmed = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    confirmed = confirmed_;
  }
  const std::uint64_t count = BlockCount();
  std::uint64_t end = std::min(last + 1 + ahead, count);
  if (!confirmed && first == 0) {
    const std::uint64_t at_first =
        count * kBlockSize <= kWholeFile ? count : kFirstBytes / kBlockSize;
    end = std::min(std::max(end, at_first), count);
  }
  for (std::uint64_t i = last + 1; i < end; ++i) blocks[i] = cache_.Get({id_, i});
  return CompleteAll(FetchMissing(blocks), blocks);
}

std::vector<RemoteFile::Fetch> RemoteFile::FetchMissing(std::map<std::uint64_t, Block>& blocks) {
  std::vector<Fetch> all;
  std::vector<Fetch> own;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto add_run = [&](std::uint64_t first, std::uint64_t end) {
      for (; first < end; first += kMostBlocksPerFetch) {
        own.push_back(
            std::make_shared<BlockFetch>(first, std::min(end - first, kMostBlocksPerFetch)));
      }
    };
    std::uint64_t run_first = 0;
    std::uint64_t run_end = 0;
    for (auto& [index, block] : blocks) {
      if (block) continue;
      if (const auto found = in_flight_.find(index); found != in_flight_.end()) {
        if (all.empty() || all.back() != found->second) all.push_back(found->second);
        continue;
      }
      // A fetch that was in flight when the caller looked into the cache may have ended since.
      block = cache_.Get({id_, index});
      if (block) continue;
      if (index != run_end) {
        add_run(run_first, run_end);
        run_first = index;
      }
      run_end = index + 1;
    }
    add_run(run_first, run_end);
    for (const Fetch& fetch : own) {
      for (std::uint64_t i = 0; i < fetch->count(); ++i) in_flight_[fetch->first() + i] = fetch;
    }
  }
  for (const Fetch& fetch : own) {
    Request request;
    request.url = version_.url;
    request.range = RangeOf(*fetch);
    request.max_body = std::max<std::size_t>(request.range->size, kWholeAnswer);
    std::unique_ptr<Exchange> exchange;
    try {
      exchange = transport_.Start(std::move(request));
    } catch (const std::exception&) {
      // Told by the fetch, to all who wait for it.
    }
    fetch->Begin(std::move(exchange));
  }
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

ByteRange RemoteFile::RangeOf(const BlockFetch& fetch) const {
  const std::uint64_t offset = fetch.first() * kBlockSize;
  std::uint64_t end = offset + fetch.count() * kBlockSize;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (size_) end = std::min(end, *size_);
  return {offset, end - offset};
}

Status RemoteFile::CompleteAll(const std::vector<Fetch>& fetches,
                               std::map<std::uint64_t, Block>& blocks) {
  Status first_failure;
  for (const Fetch& fetch : fetches) {
    if (!first_failure) {
      Forget(fetch);  // cancelled, unless somebody else waits for it
      continue;
    }
    first_failure = Complete(fetch, blocks);
  }
  return first_failure;
}

void RemoteFile::Forget(const Fetch& fetch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::uint64_t i = 0; i < fetch->count(); ++i) {
    const auto found = in_flight_.find(fetch->first() + i);
    if (found != in_flight_.end() && found->second == fetch) in_flight_.erase(found);
  }
}

Status RemoteFile::Complete(const Fetch& fetch, std::map<std::uint64_t, Block>& blocks) {
  const auto finish = [&](Result<Response> answer) {
    Result<BlockRun> run = Slice(*fetch, std::move(answer));
    if (run) {
      for (std::size_t i = 0; i < run->blocks.size(); ++i)
        cache_.Put({id_, run->first + i}, run->blocks[i]);
    }
    return run;
  };
  const Result<BlockRun> run = fetch->Wait(finish);
  Forget(fetch);
  if (!run) return Pass(run);
  for (std::size_t i = 0; i < run->blocks.size(); ++i) {
    const auto wanted = blocks.find(run->first + i);
    if (wanted != blocks.end()) wanted->second = run->blocks[i];
  }
  return {};
}

Result<BlockRun> RemoteFile::Slice(const BlockFetch& fetch, Result<Response> answer) {
  if (!answer) {
    Error error = std::move(answer.error());
    error.message = version_.label + " cannot be read: " + error.message;
    return tl::unexpected<Error>(std::move(error));
  }
  const auto range = CheckAnswer(RangeOf(fetch), *answer);
  if (!range) return Pass(range);
  BlockRun run;
  run.first = range->offset / kBlockSize;
  const std::string& body = answer->body;
  for (std::size_t at = 0; at < range->size; at += kBlockSize)
    run.blocks.push_back(std::make_shared<const std::string>(body, at, kBlockSize));
  return run;
}

Result<ByteRange> RemoteFile::CheckAnswer(const ByteRange& asked, const Response& response) {
  if (LowerCase(response.Header("content-type")).compare(0, 9, "text/html") == 0 && response.Ok())
    return Fail(ErrorKind::kProtocol,
                version_.label +
                    " cannot be read: the server answered with a web page in place of "
                    "the file; check the login (S2C_USERNAME) and S2C_API_URL",
                response.status);
  if (response.status == 200) {
    const Status same = CheckVersion(response, response.body.size());
    if (!same) return Pass(same);
    return ByteRange{0, response.body.size()};
  }
  const auto content = ParseContentRange(response.Header("content-range"));
  if (response.status == 416 && content && content->total) {
    const Status same = CheckVersion(response, content->total);
    if (!same) return Pass(same);
    // No range of an empty file can be had (RFC 9110, section 14.1.2).
    if (*content->total == 0) return ByteRange{0, 0};
  }
  if (response.status != 206) return Refuse(response);
  if (!content || !content->range)
    return Fail(ErrorKind::kProtocol,
                version_.label +
                    " cannot be read: the server's answer does "
                    "not say which bytes it holds",
                206);
  const Status same = CheckVersion(response, content->total);
  if (!same) return Pass(same);
  // Asked before the size was known, a range may end with the file.
  ByteRange expected = asked;
  if (content->total) expected.size = std::min(asked.end(), *content->total) - asked.offset;
  if (!(*content->range == expected) || response.body.size() != expected.size)
    return Fail(ErrorKind::kProtocol,
                version_.label + " cannot be read: the server sent other bytes than were asked for",
                206);
  return expected;
}

Status RemoteFile::CheckVersion(const Response& response, std::optional<std::uint64_t> total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (total && size_ && *total != *size_) {
    const bool was_confirmed = confirmed_;
    changed_ = true;
    return Fail(ErrorKind::kChanged,
                was_confirmed
                    ? version_.label + " was changed on the server while it was read: open it again"
                    : version_.label + " has " + std::to_string(*total) +
                          " bytes on the server but " + std::to_string(*size_) +
                          " in the API, so it is not the result of this run: rerun the inference");
  }
  // RFC 9110, section 8.8: the ETag, or where there is none the time of the last change.
  std::string_view etag = response.Header("etag");
  if (etag.empty()) etag = response.Header("last-modified");
  if (confirmed_ && !etag_.empty() && !etag.empty() && etag != etag_) {
    changed_ = true;
    return Fail(ErrorKind::kChanged,
                version_.label + " was changed on the server while it was read: open it again");
  }
  if (!size_) size_ = total;
  if (!size_)
    return Fail(ErrorKind::kProtocol,
                version_.label + " cannot be read: the server does not tell its size");
  if (!confirmed_) {
    etag_ = std::string(etag);
    // Others may hold secrets, such as a proxy's cookies.
    for (const char* name : {"content-type", "etag", "last-modified"}) {
      const std::string_view value = response.Header(name);
      if (!value.empty()) headers_.emplace_back(name, value);
    }
    confirmed_ = true;
  }
  return {};
}

tl::unexpected<Error> RemoteFile::Refuse(const Response& response) const {
  const std::string status = " (HTTP " + std::to_string(response.status) + ")";
  switch (response.status) {
    case 404:
    case 410:
      return Fail(ErrorKind::kNotFound,
                  version_.label + " is no longer on the server" + status +
                      ": results are deleted regularly, rerun the inference to get it back",
                  response.status);
    case 401:
    case 403:
      return Fail(ErrorKind::kCredentials,
                  version_.label + " is not given to this login" + status +
                      ": check S2C_USERNAME; a file server on another host needs "
                      "S2C_TRUSTED_HOSTS",
                  response.status);
    default:
      return Fail(
          ErrorKind::kServer,
          version_.label + " cannot be read: the server answered" + status + "; try again later",
          response.status);
  }
}

}  // namespace s2c
