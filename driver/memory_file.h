// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_vsi.h>

#include <atomic>
#include <string>

namespace s2c {

/// A text as a file for GDAL's drivers, which only read it; gone with the object. The text must
/// outlive it.
class MemoryFile {
 public:
  /// `extension` with its dot.
  MemoryFile(const std::string& content, const std::string& extension)
      : path_(NextPath() + extension) {
    // The function takes a plain pointer for who writes.
    auto* const bytes = reinterpret_cast<GByte*>(const_cast<char*>(content.data()));
    if (VSILFILE* const file = VSIFileFromMemBuffer(path_.c_str(), bytes, content.size(), FALSE))
      VSIFCloseL(file);
  }
  ~MemoryFile() { VSIUnlink(path_.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const char* path() const { return path_.c_str(); }

 private:
  static std::string NextPath() {
    static std::atomic<std::uint64_t> next{1};
    return "/vsimem/s2c_text_" + std::to_string(next++);
  }

  const std::string path_;
};

}  // namespace s2c
