// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/secret.h"

namespace s2c {

/// What is kept beside tokens, so that they open for the password that brought them and for no
/// other (issue 9). Making a digest takes tens of milliseconds, so both remember for the process
/// what they found; others who ask meanwhile wait for it. Thread-safe.

/// Empty for a password of which none can be made: what it brings opens for no password.
std::string MakePasswordDigest(const Secret& password);
bool IsDigestOf(const std::string& digest, const Secret& password);

}  // namespace s2c
