// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "tests/unit/support/system.h"

namespace s2c::testing_support {

/// Sets an environment variable, and puts back what was there when it is destroyed.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value)
      : name_(std::move(name)), before_(GetVariable(name_)) {
    SetVariable(name_, value);
  }
  ~EnvironmentVariable() {
    if (before_) {
      SetVariable(name_, *before_);
    } else {
      UnsetVariable(name_);
    }
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const std::string name_;
  const std::optional<std::string> before_;
};

}  // namespace s2c::testing_support
