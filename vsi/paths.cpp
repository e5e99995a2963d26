// SPDX-License-Identifier: MIT
#include "vsi/paths.h"

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>

#include "client/base/per_process.h"
#include "client/base/text.h"
#include "vsi/directory.h"

namespace s2c {
namespace {

struct MountTable {
  std::mutex mutex;
  std::map<std::string, Mounted> mounts;
};

MountTable& Table() {
  static PerProcess<MountTable> table;
  return table.Get();
}

std::string NextKey() {
  static std::atomic<std::uint64_t> next{1};
  return std::to_string(next++);
}

// The text up to the next slash, which is taken off with it.
std::string_view TakePart(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

}  // namespace

std::optional<VsiPath> ParseVsiPath(std::string_view path) {
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
    : session_(std::move(session)), inference_(std::move(inference)), key_(NextKey()) {
  const std::lock_guard<std::mutex> lock(Table().mutex);
  Table().mounts[key_] = Mounted{session_, inference_};
}

Mount::~Mount() {
  // A forked child leaves the parent's session as it is (Session::IsOfThisProcess).
  if (!session_->IsOfThisProcess()) LeaveToParent(session_);
  const std::lock_guard<std::mutex> lock(Table().mutex);
  Table().mounts.erase(key_);
}

Result<std::shared_ptr<Session>> Mount::session() const {
  if (session_->IsOfThisProcess()) return session_;
  return Session::For(session_->settings());
}

std::string Mount::OutputPath(std::size_t index) const {
  return std::string(kVsiPrefix) + "~" + key_ + "/" + std::to_string(inference_->inference.id) +
         "/" + ListedName(*inference_, index);
}

Mounted FindMount(const std::string& key) {
  const std::lock_guard<std::mutex> lock(Table().mutex);
  const auto found = Table().mounts.find(key);
  return found == Table().mounts.end() ? Mounted{} : found->second;
}

}  // namespace s2c
