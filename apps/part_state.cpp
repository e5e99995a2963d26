// SPDX-License-Identifier: MIT
#include "apps/part_state.h"

#include <filesystem>

#include "client/base/json.h"
#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMostOfAState = 1 << 16;

// The address as a number: it tells whether two are the same, and nobody more.
std::string Identity(const FileVersion& version) {
  const std::string size = version.size ? std::to_string(*version.size) : "";
  return std::to_string(Fingerprint(version.url.ToString())) + " " + size + " " + version.stamp;
}

}  // namespace

PartState::PartState(const std::string& part) {
  std::filesystem::path path = std::filesystem::u8path(part);
  const std::string name = path.filename().u8string();
  path_ = path.replace_filename(".s2c-part-" + std::to_string(Fingerprint(name))).u8string();
}

std::optional<std::string> PartState::ValidatorOf(const FileVersion& version) const {
  const auto file = ReadSmallFile(path_, kMostOfAState);
  const auto document = file ? ParseJson(file->content) : Result<JsonDocument>(nullptr);
  if (!document || !*document) return std::nullopt;
  if (TextAt(**document, "version") != Identity(version)) return std::nullopt;
  return TextAt(**document, "validator");
}

Status PartState::Keep(const FileVersion& version) const {
  return ReplacePrivateFile(path_, "{\"version\":" + JsonText(Identity(version)) +
                                       ",\"validator\":" + JsonText(version.validator) + "}\n");
}

void PartState::Remove() const { static_cast<void>(RemoveFile(path_)); }

}  // namespace s2c
