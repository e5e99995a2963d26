// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "tests/unit/support/system.h"

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

/// The bytes of a file; "(none)" where there is no file. Names are UTF-8 here.
std::string ReadText(const std::string& path);
void WriteText(const std::string& path, const std::string& content, unsigned mode = 0600);

}  // namespace s2c::testing_support
