// SPDX-License-Identifier: MIT
#include "client/io/read_ahead.h"

#include <algorithm>

#include "client/io/block_fetch.h"

namespace s2c {
namespace {

// GTiff leaves out the few bytes between tiles, and the parts of a file that it knows already.
constexpr std::uint64_t kStep = 64 << 10;
// A header is read in sequence too; only who has read more than one wants the rest.
constexpr std::uint64_t kShortest = 128 << 10;
// GTiff reads up to 10 MB of a window at once; so large a range without a gap is the beginning of
// more, a smaller one is all of it.
constexpr std::uint64_t kLarge = 4 << 20;
// The most of it that GTiff asks for at once (GDAL_MAX_RAW_BLOCK_CACHE_SIZE), less a block.
constexpr std::uint64_t kMostAtOnce = 10485760;
constexpr std::uint64_t kNearlyMost = kMostAtOnce - kMostAtOnce / 16;
// Reads between two jumps that are a row of a window, and no accident.
constexpr unsigned kReadsOfRow = 3;

}  // namespace

std::uint64_t ReadAhead::Observe(const ByteRange& read, bool at_once) {
  // GTiff looks into the header again and again, which is no jump.
  if (read.end() <= kStep && next_ > kStep) {
    goes_on_ = true;
    return read.end();
  }
  const bool looks_back = read.end() <= next_ && next_ - read.offset <= kStep;
  goes_on_ = looks_back || (read.offset + kStep >= next_ && read.offset <= next_ + kStep);
  if (!goes_on_) {
    if (at_once) {
      row_ = 0;
    } else if (reads_ >= kReadsOfRow) {
      row_ = has_jumped_ ? next_ - begin_ : 0;
    }
    has_jumped_ = true;
    begin_ = read.offset;
    reads_ = 0;
    begun_to_ = 0;
  }
  ++reads_;
  if (!looks_back) next_ = read.end();
  return next_ + Window();
}

// What was read in sequence so far says how much more there will be: from the file's start, twice
// as much again; after a jump, half as much, since it may be a part only.
std::uint64_t ReadAhead::Window() const {
  const std::uint64_t run = next_ - begin_;
  if (row_ > 0 && run < row_ + row_ / 4 + kShortest) {
    // Rows of compressed tiles differ by some hundredths.
    const std::uint64_t end = row_ + row_ / 64;
    return run < end ? std::min(most_, end - run) : 0;
  }
  if (run < kShortest || (reads_ == 1 && run < kLarge)) return 0;
  return std::min(most_, has_jumped_ ? run / 2 : run * 2);
}

std::optional<ByteRange> ReadAhead::ObserveRows(const std::vector<ByteRange>& rows) {
  goes_on_ = false;
  has_jumped_ = true;
  reads_ = 1;
  row_ = 0;
  std::uint64_t bytes = 0;
  for (const ByteRange& row : rows) {
    row_ = std::max(row_, row.size);
    bytes += row.size;
  }
  if (rows.empty()) return std::nullopt;
  const ByteRange& last = rows.back();
  begin_ = last.offset;
  next_ = last.end();
  begun_to_ = 0;
  if (rows.size() < 2 || bytes < kNearlyMost || bytes > kMostAtOnce) return std::nullopt;
  // Rows of compressed tiles differ by some hundredths.
  const std::uint64_t slack = row_ / 64;
  if (last.size + slack < row_) return ByteRange{next_, std::min(most_, row_ + slack - last.size)};
  const std::uint64_t stride = last.offset - rows[rows.size() - 2].offset;
  return ByteRange{std::max(next_, last.offset + stride - std::min(stride, slack)),
                   std::min(most_, row_ + 2 * slack)};
}

void ReadAhead::AddBegun(std::uint64_t to, const Fetches& fetches) {
  begun_to_ = std::max(begun_to_, to);
  Add(fetches_, fetches);
}

ReadAhead::Fetches ReadAhead::TakeUnused() {
  begun_to_ = 0;
  return Take(fetches_);
}

void ReadAhead::AddAdvised(const Fetches& fetches) { Add(advised_, fetches); }

ReadAhead::Fetches ReadAhead::TakeAdvised() { return Take(advised_); }

void ReadAhead::Add(WeakFetches& to, const Fetches& fetches) {
  to.erase(std::remove_if(to.begin(), to.end(), [](const auto& fetch) { return fetch.expired(); }),
           to.end());
  to.insert(to.end(), fetches.begin(), fetches.end());
}

ReadAhead::Fetches ReadAhead::Take(WeakFetches& from) {
  Fetches unused;
  for (const auto& weak : from) {
    auto fetch = weak.lock();
    if (fetch && !fetch->IsDone()) unused.push_back(std::move(fetch));
  }
  from.clear();
  return unused;
}

}  // namespace s2c
