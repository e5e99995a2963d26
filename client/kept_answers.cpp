// SPDX-License-Identifier: MIT
#include "client/kept_answers.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "client/base/log.h"
#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Another number with each change of what is kept, or how.
constexpr std::string_view kFormat = "gdal_S2C answer 1\n";
constexpr std::size_t kLongestKey = std::size_t{8} << 10;

std::string NameOf(std::uint64_t number) {
  char text[16];
  std::snprintf(text, sizeof(text), "%03x.kept", static_cast<unsigned>(number));
  return text;
}

// What stands before the text. Keys are compared as a whole: fingerprints can be alike.
std::string HeadOf(const std::string& key, std::string_view text) {
  char sum[32];
  std::snprintf(sum, sizeof(sum), "%016llx\n",
                static_cast<unsigned long long>(Fingerprint(text) ^ Fingerprint(key)));
  return std::string(kFormat) + sum + key + "\n";
}

}  // namespace

std::string KeptAnswers::PathOf(const std::string& key) const {
  return folder_ + "/" + NameOf(shelf_.first + Fingerprint(key) % shelf_.count);
}

std::optional<std::string> KeptAnswers::Find(const std::string& key) const {
  if (!keeps()) return std::nullopt;
  auto file = ReadSmallFile(PathOf(key), kLargest + kLongestKey);
  if (!file) {
    if (file.error().kind != ErrorKind::kNotFound)
      LogDebug("nothing kept is used: " + file.error().message);
    return std::nullopt;
  }
  if (file->privacy != FilePrivacy::kPrivate) {
    LogDebug("'" + PathOf(key) + "' is not used: it belongs to others, or they can read it");
    return std::nullopt;
  }
  std::string& content = file->content;
  const std::size_t size = HeadOf(key, "").size();
  if (content.size() < size) return std::nullopt;
  const std::string_view text = std::string_view(content).substr(size);
  if (!StartsWith(content, HeadOf(key, text))) return std::nullopt;
  return content.erase(0, size);
}

void KeptAnswers::Keep(const std::string& key, std::string_view text) const {
  if (!keeps() || text.size() > kLargest || key.size() >= kLongestKey / 2) return;
  if (Find(key) == text) return;
  Status kept = MakePrivateFolder(folder_);
  if (kept) kept = OverwritePrivateFile(PathOf(key), HeadOf(key, text).append(text));
  if (!kept) LogDebug("an answer is not kept: " + kept.error().message);
}

void KeptAnswers::Drop(const std::string& key) const {
  if (!Find(key)) return;
  const Status dropped = RemoveFile(PathOf(key));
  if (!dropped) LogDebug("what was kept stays: " + dropped.error().message);
}

Result<std::size_t> KeptAnswers::Clear(const std::string& folder) {
  std::size_t count = 0;
  Status cleared;
  for (std::size_t number = 0; number < kMost; ++number) {
    std::error_code failed;
    const std::string path = folder + "/" + NameOf(number);
    count += std::filesystem::remove(std::filesystem::u8path(path), failed) ? 1 : 0;
    if (failed && cleared)
      cleared = Fail(ErrorKind::kInvalidInput,
                     "'" + path + "' cannot be removed (" + failed.message() + ")");
  }
  if (!cleared) return Pass(cleared);
  return count;
}

}  // namespace s2c
