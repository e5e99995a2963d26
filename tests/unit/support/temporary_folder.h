// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c::testing_support {

/// A folder of the test's own, closed to others, and gone with this.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// The names in it, sorted.
  std::string Names() const;

 private:
  std::string path_;
};

/// The bytes of a file; "(none)" where there is no file.
std::string ReadText(const std::string& path);
void WriteText(const std::string& path, const std::string& content, unsigned mode = 0600);
/// The permission bits.
unsigned ModeOf(const std::string& path);
void SetMode(const std::string& path, unsigned mode);
/// Whether the file now belongs to somebody else, which only root can do.
bool GiveAway(const std::string& path);

/// While it lives, no file of this process can grow past `limit` bytes, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(std::size_t limit = 0);
  ~FullDisk();
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  unsigned long long before_ = 0;
};

}  // namespace s2c::testing_support
