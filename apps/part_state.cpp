// SPDX-License-Identifier: MIT
#include "apps/part_state.h"

#include "client/base/json.h"
#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMostBytes = 1 << 16;

// The address as a number: it tells whether two are the same, and nobody more.
std::string Identity(const FileVersion& version) {
  const std::string size = version.size ? std::to_string(*version.size) : "";
  return std::to_string(Fingerprint(version.url.ToString())) + " " + size + " " + version.stamp;
}

}  // namespace

PartState::PartState(const std::string& part) {
  const std::size_t name = part.rfind('/') + 1;
  path_ = part.substr(0, name) + ".s2c-part-" + std::to_string(Fingerprint(part.substr(name)));
}

std::optional<std::string> PartState::ValidatorOf(const FileVersion& version) const {
  const auto file = ReadSmallFile(path_, kMostBytes);
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
