// SPDX-License-Identifier: MIT
#include "client/io/kept_beginning.h"

#include <algorithm>
#include <utility>

#include "client/base/text.h"
#include "client/io/remote_file.h"

namespace s2c {
namespace {

bool IsUsable(const KeptBeginning& kept, std::uint64_t size) {
  if (kept.bytes.size() != size || !Validator(kept.validator).IsReliable()) return false;
  // No request can hold such a header, whatever server has sent it.
  return std::none_of(kept.headers.begin(), kept.headers.end(),
                      [](const auto& header) { return HasControl(header.second); });
}

// What a server or a firewall before it may say that takes no conditions, or none with a range.
bool IsRefusalOfConditions(int status) {
  return status == 400 || status == 412 || status == 416 || status == 501;
}

}  // namespace

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

void RemoteFile::Expect(FindKept find) {
  const std::lock_guard<std::mutex> lock(mutex_);
  find_kept_ = std::move(find);
}

void RemoteFile::KeepNothing() {
  const std::lock_guard<std::mutex> lock(mutex_);
  find_kept_ = nullptr;
  is_beginning_known_ = true;
}

// Looked for no earlier: a file of which something else is asked for has no use for its bytes.
Headers RemoteFile::AskAboutKept(const ByteRange& asked) {
  FindKept find;
  if (asked == Beginning() && !check_.confirmed()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    find.swap(find_kept_);
  }
  auto kept = find ? find() : std::nullopt;
  if (kept && IsUsable(*kept, asked.size)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    kept_ = std::move(kept);
  }
  Headers conditions = Conditions(asked);
  const std::lock_guard<std::mutex> lock(mutex_);
  was_asked_about_kept_ = was_asked_about_kept_ || !conditions.empty();
  return conditions;
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

// The answer to a request with conditions; nothing where it is taken as any other is.
std::optional<BlockRun> RemoteFile::TakeKept(const ByteRange& asked, const Response& answer) {
  const bool has_conditions = !Conditions(asked).empty();
  const bool is_unchanged = answer.status == 304;
  const std::lock_guard<std::mutex> lock(mutex_);
  std::optional<KeptBeginning> kept;
  if (has_conditions || is_unchanged) kept.swap(kept_);
  const bool is_still = is_unchanged && kept && asked == ByteRange{0, kept->bytes.size()} &&
                        check_.IsStill(kept->validator, kept->headers, answer);
  if (is_still) {
    is_beginning_known_ = true;
    auto body = std::make_shared<Body>(kept->bytes.size());
    body->Append(kept->bytes.data(), kept->bytes.size());
    return BlockRun{0, kept->bytes.size(), std::move(body)};
  }
  // Nothing has come then, and is asked for again without conditions (CompleteRest).
  const bool is_refused = has_conditions && IsRefusalOfConditions(answer.status);
  if ((is_unchanged && was_asked_about_kept_) || is_refused)
    return BlockRun{asked.offset / kBlockSize, 0, std::make_shared<Body>(0)};
  return std::nullopt;
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
