// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "client/base/result.h"

namespace s2c {

/// What the server has said of each file (FileVersion::validator) that was opened through a mount
/// or through one of the same run: all of them read one version, or get an error. Thread-safe.
class VersionPins {
 public:
  VersionPins() = default;
  VersionPins(const VersionPins& other) : validators_(other.all()) {}
  VersionPins& operator=(const VersionPins&) = delete;

  /// Empty where the file was not opened yet.
  std::string Get(const std::string& file) const;
  void Set(const std::string& file, const std::string& validator);

 private:
  std::map<std::string, std::string> all() const;

  mutable std::mutex mutex_;
  std::map<std::string, std::string> validators_;
};

/// The reads through one mount that failed. GDAL's drivers do not always hand a failed read on
/// (issue 9), and those that decode in threads tell of it where nobody listens: whoever calls them
/// looks here before he believes them. Thread-safe.
class ReadRecord {
 public:
  /// Reads whose bytes the driver has asked for and not got.
  std::uint64_t failures() const;
  /// These and the ranges in advance that did not come: the driver then reads one by one.
  std::uint64_t attempts() const;
  /// Of the last of either.
  Error last() const;

  void AddFailure(const Error& error);
  void AddAttempt(const Error& error);

 private:
  mutable std::mutex mutex_;
  std::uint64_t failures_ = 0;
  std::uint64_t attempts_ = 0;
  Error last_;
};

}  // namespace s2c
