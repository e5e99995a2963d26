// SPDX-License-Identifier: MIT
#include "vsi/read_record.h"

namespace s2c {

std::string VersionPins::Get(const std::string& file) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = validators_.find(file);
  return found == validators_.end() ? std::string() : found->second;
}

std::map<std::string, std::string> VersionPins::all() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return validators_;
}

void VersionPins::Set(const std::string& file, const std::string& validator) {
  const std::lock_guard<std::mutex> lock(mutex_);
  validators_.emplace(file, validator);
}

std::uint64_t ReadRecord::failures() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failures_;
}

std::uint64_t ReadRecord::attempts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return attempts_;
}

Error ReadRecord::last() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_;
}

void ReadRecord::AddFailure(const Error& error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failures_;
  ++attempts_;
  last_ = error;
}

void ReadRecord::AddAttempt(const Error& error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++attempts_;
  last_ = error;
}

}  // namespace s2c
