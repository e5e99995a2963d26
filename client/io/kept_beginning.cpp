// SPDX-License-Identifier: MIT
#include "client/io/kept_beginning.h"

#include <utility>

#include "client/base/text.h"
#include "client/io/remote_file.h"

namespace s2c {

ByteRange RemoteFile::Beginning() const {
  const auto size = check_.size();
  return {0, size && *size <= kWholeFile ? *size : kFirstBytes};
}

void RemoteFile::FetchBeginning() {
  if (check_.confirmed()) return;
  Blocks blocks;
  Add(Beginning(), blocks);
  FetchMissing(blocks, kWholeFile / kBlockSize);
}

void RemoteFile::Expect(KeptBeginning kept) {
  if (kept.bytes.size() != Beginning().size || !Validator(kept.validator).IsReliable()) return;
  // No request can hold such a header, whatever server has sent it.
  for (const auto& header : kept.headers) {
    if (HasControl(header.second)) return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_ = std::move(kept);
}

// Both where the server has said both: nginx wants both to fit, others (RFC 9110, section 13.1.3)
// look at the second one where there is no first.
Headers RemoteFile::Conditions(const ByteRange& asked) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Headers conditions;
  if (!kept_ || asked.offset != 0 || asked.size != kept_->bytes.size() || check_.confirmed())
    return conditions;
  for (const auto& [name, value] : kept_->headers) {
    if (name == "etag") conditions.emplace_back("If-None-Match", value);
    if (name == "last-modified") conditions.emplace_back("If-Modified-Since", value);
  }
  return conditions;
}

// The answer to Conditions(); nothing where it brings bytes of its own.
std::optional<BlockRun> RemoteFile::TakeKept(const ByteRange& asked, const Response& answer) {
  if (Conditions(asked).empty()) return std::nullopt;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!kept_) return std::nullopt;
  const KeptBeginning kept = std::move(*kept_);
  kept_.reset();
  if (answer.status != 304) return std::nullopt;
  // Nothing has come then, and is asked for again without conditions (CompleteRest).
  if (!check_.IsStill(kept.validator, kept.headers, answer))
    return BlockRun{0, 0, std::make_shared<Body>(0)};
  is_beginning_known_ = true;
  auto body = std::make_shared<Body>(kept.bytes.size());
  body->Append(kept.bytes.data(), kept.bytes.size());
  return BlockRun{0, kept.bytes.size(), std::move(body)};
}

std::optional<KeptBeginning> RemoteFile::TakeBeginning(std::size_t most) {
  if (Beginning().size > most) return std::nullopt;
  Settle();
  KeptBeginning beginning{check_.validator(), check_.headers(), {}};
  if (!check_.confirmed() || !Validator(beginning.validator).IsReliable()) return std::nullopt;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (is_beginning_known_ || whole_) return std::nullopt;
  }
  Blocks blocks;
  Add(Beginning(), blocks);
  for (const auto& [index, block] : blocks) {
    if (!block) return std::nullopt;
    beginning.bytes.append(block.data(), block.size);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  is_beginning_known_ = true;
  return beginning;
}

}  // namespace s2c
