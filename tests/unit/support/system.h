// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace s2c::testing_support {

/// What tests need of the system, and each does its own way: posix_system.cpp and
/// windows_system.cpp. Paths and values are UTF-8.

/// Makes a folder that is closed to others and whose path begins with `start`; empty where none
/// can be made.
std::string MakeUniqueFolder(const std::string& start);

/// The environment variables that say where the user's home and his temporary files are.
extern const char* const kHomeVariable;
extern const char* const kTemporaryFolderVariable;
/// Where the system has caches in a home.
extern const char* const kCacheBelowHome;
std::optional<std::string> GetVariable(const std::string& name);
void SetVariable(const std::string& name, const std::string& value);
void UnsetVariable(const std::string& name);

/// The permission bits. On Windows, those that say the same as the access list: the user's own,
/// and for the group and all others what Everyone may do.
unsigned ModeOf(const std::string& path);
void SetMode(const std::string& path, unsigned mode);
/// Whether GiveAway() works here.
bool CanGiveAway();
/// Whether the file now belongs to somebody else, which only root can do.
bool GiveAway(const std::string& path);

/// How the system says that there is no such file, and that a disk is full as FullDisk's is.
std::string NoSuchFileReason();
std::string FullDiskReason();

/// A password of which the system makes no digest: one that would be cut.
std::string PasswordWithoutDigest();

/// While it lives, no file of this process can grow past `limit` bytes, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(std::size_t limit = 0);
  ~FullDisk();
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  struct Before;
  const std::unique_ptr<Before> before_;
};

}  // namespace s2c::testing_support
