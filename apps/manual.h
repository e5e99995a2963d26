// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace s2c {

/// The manual page of the program, in man(7), made of the table of its commands.
std::string ManualPage(const CLI::App& root);

}  // namespace s2c
