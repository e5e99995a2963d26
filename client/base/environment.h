// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c {

/// The value of an option, in UTF-8. Where it is what the C library has for the environment
/// variable `name`, Windows has put it into a code page for that, which not all texts fit into.
std::string ValueOfVariable(const char* name, const char* value);

}  // namespace s2c
