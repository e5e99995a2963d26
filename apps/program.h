// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace s2c {

/// The program s2c; its arguments, without its name, are UTF-8.
int RunProgram(const std::vector<std::string>& arguments);

}  // namespace s2c
