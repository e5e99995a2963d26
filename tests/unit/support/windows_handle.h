// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c::testing_support {

/// What others may do with a file that somebody has open.
enum class Sharing {
  kAll,       ///< read, write, rename and remove it
  kNoRename,  ///< read and write it, as Python's open() has it
};

/// A file that another program has open for reading.
class OpenFile {
 public:
  OpenFile(const std::string& path, Sharing sharing);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  /// All that is in it.
  std::string Read() const;

 private:
  void* const handle_;
};

}  // namespace s2c::testing_support
