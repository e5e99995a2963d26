// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/io/file_version.h"

namespace s2c {

/// What is known of the version of which a part is, beside it in a file of its own: a rerun writes
/// other bytes under the old address, and a file may not be made of two versions.
class PartState {
 public:
  /// Of the part at `part`. The name of its own file is short: a part's may be as long as a file
  /// system allows.
  explicit PartState(const std::string& part);

  /// What the server said of the version (Validator::text); nothing where the part is of another
  /// one, or of nobody knows which.
  std::optional<std::string> ValidatorOf(const FileVersion& version) const;
  Status Keep(const FileVersion& version) const;
  void Remove() const;

 private:
  std::string path_;
};

}  // namespace s2c
