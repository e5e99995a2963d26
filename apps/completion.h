// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace s2c {

/// Completion scripts, made of the table of the commands. That of bash needs nothing but bash.
std::string BashCompletion(const CLI::App& root);
/// A file `_s2c` for a folder of zsh's fpath.
std::string ZshCompletion(const CLI::App& root);

}  // namespace s2c
