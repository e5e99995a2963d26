// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/exit_code.h"
#include "client/session.h"

namespace s2c {

/// What holds for any command.
struct GeneralOptions {
  bool json = false;
  CPLStringList open_options;

  /// The settings for the paths that begin with `path`, and the session that they mean.
  Result<SessionSettings> Settings(const std::string& path) const;
  Result<std::shared_ptr<Session>> OpenSession(const std::string& path) const;
  /// For one inference: /vsis2c/ID.
  Result<std::shared_ptr<Session>> OpenSession(std::int64_t inference) const;
};

/// Does what a command is for. A failure is told by whoever called it.
using Action = std::function<Result<ExitCode>(const GeneralOptions&)>;

/// The program's commands and their options. CLI11's structure is the one table of them: parsing,
/// --help, the manual page and the completions are made of it.
class Commands {
 public:
  Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  CLI::App& root() { return root_; }
  /// A command that does something. Options are to be added to it.
  CLI::App& Add(CLI::App& parent, const std::string& name, const std::string& description,
                Action action);
  /// A command that has commands.
  static CLI::App& AddGroup(CLI::App& parent, const std::string& name,
                            const std::string& description);

  /// Parses the command line and does what it says.
  int Run(const std::vector<std::string>& arguments);

 private:
  void AddGeneralOptions(CLI::App& command);

  CLI::App root_;
  GeneralOptions general_;
  Action chosen_;
};

/// An option that takes one value each time that it is given. In a table of CLI11, lists would go
/// on to the next option, and take what stands for something else.
template <class Value>
CLI::Option* AddRepeated(CLI::App& command, const std::string& names, std::vector<Value>& values,
                         const std::string& description) {
  return command.add_option(names, values, description)->allow_extra_args(false);
}

/// The id of what a command is about, as its first argument.
void AddId(CLI::App& command, std::int64_t& id);
/// One or several of them, or none where something else names them.
void AddIds(CLI::App& command, std::vector<std::int64_t>& ids);
/// For CLI11: empty where a text is an id, else what is wrong with it.
std::string IsId(const std::string& text);

/// The group of the options that every command has.
constexpr const char* kGeneralGroup = "General options";

}  // namespace s2c
