// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace s2c {

/// A password or token. It prints as `***`, so that no log line shows it by accident; Reveal() is
/// for the one place that puts it on the wire.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  bool empty() const { return value_.empty(); }
  const std::string& Reveal() const { return value_; }

  friend bool operator==(const Secret& a, const Secret& b) { return a.value_ == b.value_; }
  friend bool operator!=(const Secret& a, const Secret& b) { return !(a == b); }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret) {
    return out << (secret.empty() ? "" : "***");
  }

 private:
  std::string value_;
};

}  // namespace s2c
