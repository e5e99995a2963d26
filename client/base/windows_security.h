// SPDX-License-Identifier: MIT
#pragma once

#include <windows.h>

#include "client/base/system.h"

namespace s2c {

/// The rights of a file or folder that is the user's alone: with the system and its administrators,
/// who can get at everything, and with nothing inherited. What is made in such a folder has the
/// same.
class PrivateSecurity {
 public:
  PrivateSecurity();
  ~PrivateSecurity();
  PrivateSecurity(const PrivateSecurity&) = delete;
  PrivateSecurity& operator=(const PrivateSecurity&) = delete;

  /// For the call that makes the file; null where the system does not say who the user is, and then
  /// nothing is to be made.
  SECURITY_ATTRIBUTES* get() { return descriptor_ ? &attributes_ : nullptr; }

 private:
  PSECURITY_DESCRIPTOR descriptor_ = nullptr;
  SECURITY_ATTRIBUTES attributes_{};
};

/// By owner and access control list of a file that was opened with READ_CONTROL.
FilePrivacy PrivacyOf(HANDLE file);

}  // namespace s2c
