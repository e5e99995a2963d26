// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/base/result.h"

namespace s2c {

/// A file that is being made, and that another program which makes the same one cannot write to
/// meanwhile: the system ends the lock with the process, however that ends. What was written stays
/// until it is renamed or removed.
class PartFile {
 public:
  virtual ~PartFile() = default;

  /// With what is there already. kInvalidInput with the system's reason, or where another program
  /// is at it.
  static Result<std::unique_ptr<PartFile>> Open(const std::string& path);
  virtual std::uint64_t size() const = 0;
  /// These fail with kTooLong, as on a full disk.
  virtual Status Clear() = 0;
  virtual Status Append(std::string_view bytes) = 0;
  /// Puts it in the place of `target`, as a whole even after a crash of the system. Nothing can be
  /// done with it then.
  virtual Status RenameTo(const std::string& target) = 0;
};

struct FileStamp {
  std::uint64_t size = 0;
  std::int64_t time = 0;  ///< of its last change, in seconds since 1970
};
/// Nothing where there is no such file.
std::optional<FileStamp> StampOf(const std::string& path);

}  // namespace s2c
