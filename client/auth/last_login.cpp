// SPDX-License-Identifier: MIT
#include "client/auth/last_login.h"

#include <rapidjson/document.h>

#include "client/base/json.h"
#include "client/base/log.h"
#include "client/base/system.h"

namespace s2c {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 16;
constexpr std::chrono::seconds kLongestLock{30};
constexpr const char* kLastLogin = "s2c_last_login";

std::string JsonOf(const Labels& labels) {
  rapidjson::Document document;
  document.SetObject();
  auto& allocator = document.GetAllocator();
  for (const auto& [name, value] : labels)
    document.AddMember(rapidjson::Value(name.c_str(), allocator),
                       rapidjson::Value(value.c_str(), allocator), allocator);
  return ToJson(document);
}

}  // namespace

LastLogin::LastLogin(const std::string& folder, const std::string& auth_url,
                     const std::string& client_id, Clock& clock)
    : labels_{{"s2c_auth_url", auth_url}, {"s2c_client_id", client_id}},
      path_(folder + "/" + FileNameOf(labels_)),
      clock_(clock) {}

std::optional<std::string> LastLogin::Read() const {
  const auto file = ReadSmallFile(path_, kMaxFile);
  if (!file && file.error().kind == ErrorKind::kNotFound) return std::nullopt;
  const auto document = file ? ParseJson(file->content) : Pass(file);
  auto user = document ? TextAt(**document, kLastLogin) : std::nullopt;
  if (user && !user->empty() && file->privacy == FilePrivacy::kPrivate &&
      HasLabels(file->content, labels_))
    return user;
  LogDebug("who has logged in last is not known: '" + path_ +
           "' cannot be read, is open to others, or is no such file");
  return std::nullopt;
}

Status LastLogin::Set(const std::string& user) const {
  Labels all = labels_;
  all.emplace_back(kLastLogin, user);
  const auto lock = FileLock::Acquire(path_ + ".lock", kLongestLock, clock_);
  if (!lock) return Fail(ErrorKind::kInvalidInput, "'" + path_ + ".lock' cannot be locked");
  return ReplacePrivateFile(path_, JsonOf(all));
}

Status LastLogin::Clear(const std::string& user) const {
  const auto lock = FileLock::Acquire(path_ + ".lock", kLongestLock, clock_);
  if (!lock) return Fail(ErrorKind::kInvalidInput, "'" + path_ + ".lock' cannot be locked");
  if (Read() != user) return {};
  return RemoveFile(path_);
}

}  // namespace s2c
