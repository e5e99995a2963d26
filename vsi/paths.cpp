// SPDX-License-Identifier: MIT
#include "vsi/paths.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>

#include "client/base/per_process.h"
#include "client/base/text.h"
#include "vsi/directory.h"

namespace s2c {
namespace {

struct MountTable {
  std::mutex mutex;
  std::map<std::string, Mounted, std::less<>> mounts;
};

MountTable& Table() {
  static PerProcess<MountTable> table;
  return table.Get();
}

// Not to be guessed: the path is all that it takes to read by the login of another's dataset.
std::string NextKey() {
  std::random_device random;
  std::string key;
  for (int i = 0; i < 4; ++i) {
    char digits[16];
    std::snprintf(digits, sizeof(digits), "%08x", static_cast<unsigned>(random()));
    key += digits;
  }
  return key;
}

// The text up to the next slash, which is taken off with it.
std::string_view TakePart(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

// Before 3.9, GDAL puts the system's separator into paths of all file systems. On Windows that is a
// backslash, which no name of a file has.
std::string WithSlashes(std::string_view path) {
  std::string slashes(path);
  const char separator = static_cast<char>(std::filesystem::path::preferred_separator);
  std::replace(slashes.begin(), slashes.end(), separator, '/');
  return slashes;
}

}  // namespace

std::optional<VsiPath> ParseVsiPath(std::string_view given) {
  const std::string slashes = WithSlashes(given);
  std::string_view path = slashes;
  const std::string_view prefix = kVsiPrefix;
  if (path == prefix.substr(0, prefix.size() - 1)) return VsiPath{};
  if (path.substr(0, prefix.size()) != prefix) return std::nullopt;
  path.remove_prefix(prefix.size());
  VsiPath parsed;
  if (path.substr(0, 1) == "~") parsed.mount = std::string(TakePart(path).substr(1));
  if (path.empty()) return parsed;
  const auto id = ParseUnsigned(TakePart(path));
  if (!id || *id > INT64_MAX) return std::nullopt;
  parsed.id = static_cast<std::int64_t>(*id);
  if (path.find('/') != std::string_view::npos) return std::nullopt;
  parsed.name = std::string(path);
  return parsed;
}

Mount::Mount(std::shared_ptr<Session> session, InferencePtr inference)
    : Mount(Mounted{std::move(session), std::move(inference), std::make_shared<ReadRecord>(),
                    std::make_shared<VersionPins>()}) {}

Mount::Mount(std::shared_ptr<Session> session, InferencePtr inference, std::size_t output,
             std::shared_ptr<RemoteFile> file)
    : Mount(Mounted{std::move(session), std::move(inference), std::make_shared<ReadRecord>(),
                    std::make_shared<VersionPins>(), output, std::move(file)}) {}

Mount::Mount(Mounted mounted) : mounted_(std::move(mounted)), key_(NextKey()) {
  const std::lock_guard<std::mutex> lock(Table().mutex);
  Table().mounts[key_] = mounted_;
}

Mount::~Mount() {
  // A forked child leaves the parent's session as it is (Session::IsOfThisProcess).
  if (!IsOfThisProcess()) LeaveToParent(mounted_.session);
  const std::lock_guard<std::mutex> lock(Table().mutex);
  Table().mounts.erase(key_);
}

Result<std::unique_ptr<Mount>> Mount::Again() const {
  auto own = session();
  if (!own) return Pass(own);
  // The constructor is private.
  return std::unique_ptr<Mount>(
      new Mount(Mounted{std::move(*own), mounted_.inference, std::make_shared<ReadRecord>(),
                        std::make_shared<VersionPins>(*mounted_.pins)}));
}

Result<std::shared_ptr<Session>> Mount::session() const {
  if (IsOfThisProcess()) return mounted_.session;
  return Session::For(mounted_.session->settings());
}

std::string Mount::OutputPath(std::size_t index) const {
  return std::string(kVsiPrefix) + "~" + key_ + "." + std::to_string(index) + "/" +
         std::to_string(mounted_.inference->inference.id) + "/" +
         ListedName(*mounted_.inference, index);
}

void Mount::ForgetOutput(std::size_t index) const {
  const Output& output = mounted_.inference->inference.outputs[index];
  const auto own = session();
  if (!own) return;
  if (mounted_.file && mounted_.output == index) return (*own)->Forget(mounted_.file);
  const auto file =
      (*own)->OpenOutput(*mounted_.inference, output, mounted_.pins->Get(output.data.value_or("")));
  if (file) (*own)->Forget(*file);
}

Mounted FindMount(std::string_view mount) {
  const std::size_t dot = std::min(mount.find('.'), mount.size());
  const auto output = ParseUnsigned(mount.substr(std::min(dot + 1, mount.size())));
  const std::lock_guard<std::mutex> lock(Table().mutex);
  const auto found = Table().mounts.find(mount.substr(0, dot));
  if (!output || found == Table().mounts.end()) return {};
  Mounted mounted = found->second;
  if (mounted.output != *output) mounted.file.reset();
  mounted.output = static_cast<std::size_t>(*output);
  return mounted;
}

std::string WithPublicPaths(std::string text) {
  const std::string mounted = std::string(kVsiPrefix) + "~";
  std::size_t at = 0;
  while ((at = text.find(mounted, at)) != std::string::npos) {
    at += mounted.size() - 1;
    const std::size_t slash = text.find('/', at);
    if (slash == std::string::npos) break;
    text.erase(at, slash + 1 - at);
  }
  return text;
}

}  // namespace s2c
