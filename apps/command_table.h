// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace s2c {

/// What the manual page and the completions read off CLI11's table. What is hidden there (in no
/// group) is in none of these.

std::vector<const CLI::App*> CommandsOf(const CLI::App& app);
/// With a dash before their names; without the general ones or these alone.
std::vector<const CLI::Option*> OptionsOf(const CLI::App& app);
std::vector<const CLI::Option*> GeneralOptionsOf(const CLI::App& app);
/// The arguments.
std::vector<const CLI::Option*> ArgumentsOf(const CLI::App& app);

/// "-o", "--output": with a dash before one letter, else with two.
std::vector<std::string> NamesOf(const CLI::Option& option);
/// Whether something stands behind it.
bool HasValue(const CLI::Option& option);
bool IsRepeatable(const CLI::Option& option);
/// "model get"; empty for the program itself.
std::string PathOf(const CLI::App& app);

}  // namespace s2c
