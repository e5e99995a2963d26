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
// Twice of what was read so far: from the first hundred kilobytes to the bound in a few steps.
constexpr std::uint64_t kGrowth = 2;

}  // namespace

std::uint64_t ReadAhead::Observe(const ByteRange& read) {
  const bool goes_on = read.offset >= next_ && read.offset - next_ <= kStep;
  const bool looks_back = read.end() <= next_ && next_ - read.offset <= kStep;
  if (goes_on) {
    run_ += read.end() - next_;
  } else if (!looks_back) {
    run_ = 0;
    begun_to_ = 0;
  }
  if (!looks_back) next_ = read.end();
  const std::uint64_t window = run_ < kShortest ? 0 : std::min(most_, run_ * kGrowth);
  return next_ + window;
}

void ReadAhead::AddBegun(std::uint64_t to, const Fetches& fetches) {
  begun_to_ = std::max(begun_to_, to);
  fetches_.insert(fetches_.end(), fetches.begin(), fetches.end());
}

ReadAhead::Fetches ReadAhead::TakeUnused() {
  DropDone();
  Fetches unused;
  unused.swap(fetches_);
  begun_to_ = 0;
  return unused;
}

void ReadAhead::DropDone() {
  fetches_.erase(std::remove_if(fetches_.begin(), fetches_.end(),
                                [](const auto& fetch) { return fetch->IsDone(); }),
                 fetches_.end());
}

}  // namespace s2c
