// SPDX-License-Identifier: MIT
#include "apps/commands.h"

#include <cpl_conv.h>
#include <gdal.h>

#include <algorithm>
#include <sstream>

#include "apps/answer.h"
#include "apps/console.h"
#include "client/base/text.h"
#include "vsi/paths.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

constexpr const char* kConfig = "--config";

std::string VersionText() {
  return std::string("s2c ") + S2C_VERSION + ", GDAL " + GDALVersionInfo("RELEASE_NAME");
}

// GDAL's own programs take "--config KEY VALUE" as well as "--config KEY=VALUE"; CLI11 cannot tell
// which of them it has before it.
std::vector<std::string> WithWholeSettings(const std::vector<std::string>& given) {
  std::vector<std::string> arguments;
  for (auto next = given.begin(); next != given.end();) {
    arguments.push_back(*next++);
    if (arguments.back() == "--") {
      arguments.insert(arguments.end(), next, given.end());
      break;
    }
    if (arguments.back() != kConfig || next == given.end()) continue;
    std::string setting = *next++;
    if (setting.find('=') == std::string::npos && next != given.end()) setting += "=" + *next++;
    arguments.push_back(std::move(setting));
  }
  return arguments;
}

// CLI11 calls an option by its first name and the value by all of it, secrets included.
std::string IsAssignment(const std::string& text) {
  return text.find('=') > 0 && text.find('=') != std::string::npos
             ? ""
             : "expected NAME=VALUE in place of '" + UserText(text) + "'";
}

int Refuse(const CLI::ParseError& error, const CLI::App& root) {
  const CLI::App* command = &root;
  std::string name = "s2c";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  Say(std::string(error.what()) + "; see " + name + " --help");
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace

Result<SessionSettings> GeneralOptions::Settings(const std::string& path) const {
  return ReadSettings(path, open_options.List());
}

Result<std::shared_ptr<Session>> GeneralOptions::OpenSession(const std::string& path) const {
  const auto settings = Settings(path);
  if (!settings) return Pass(settings);
  return Session::For(*settings);
}

Result<std::shared_ptr<Session>> GeneralOptions::OpenSession(std::int64_t inference) const {
  return OpenSession(kVsiPrefix + std::to_string(inference));
}

Commands::Commands()
    : root_(
          "Inferences of the Sen2Cube.AT semantic Earth observation data cube, from the command "
          "line: what there is, their results, and running them.",
          "s2c") {
  root_.require_subcommand(1);
  root_.set_version_flag("--version", VersionText, "Tell the versions of s2c and GDAL");
}

// Last, so that the help tells first what is a command's own.
void Commands::AddGeneralOptions(CLI::App& command) {
  for (CLI::App* const below : command.get_subcommands({})) AddGeneralOptions(*below);
  command.set_help_flag("-h,--help", "Tell how this is used")->group(kGeneralGroup);
  command
      .add_flag_callback(
          "--json", [this] { general_.json = true; }, "Answer with JSON, for scripts")
      ->group(kGeneralGroup);
  command
      .add_option_function<std::vector<std::string>>(
          "--oo",
          [this](const std::vector<std::string>& options) {
            for (const std::string& option : options)
              general_.open_options.AddString(option.c_str());
          },
          "An open option, such as API_URL=https://api.example/v1; may be given several times")
      ->allow_extra_args(false)
      ->check(IsAssignment)
      ->type_name("NAME=VALUE")
      ->group(kGeneralGroup);
  command
      .add_option_function<std::vector<std::string>>(
          kConfig,
          [](const std::vector<std::string>& settings) {
            for (const std::string& setting : settings) {
              const std::size_t equals = setting.find('=');
              CPLSetConfigOption(setting.substr(0, equals).c_str(),
                                 setting.substr(equals + 1).c_str());
            }
          },
          "A configuration option of GDAL, such as S2C_MAX_RETRY=5 or GDAL_HTTP_PROXY=...; may be "
          "given several times")
      ->allow_extra_args(false)
      ->check(IsAssignment)
      ->type_name("NAME=VALUE")
      ->group(kGeneralGroup);
}

CLI::App& Commands::Add(CLI::App& parent, const std::string& name, const std::string& description,
                        Action action) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.callback([this, action = std::move(action)] { chosen_ = action; });
  return command;
}

CLI::App& Commands::AddGroup(CLI::App& parent, const std::string& name,
                             const std::string& description) {
  CLI::App& group = *parent.add_subcommand(name, description);
  group.require_subcommand(1);
  return group;
}

int Commands::Run(const std::vector<std::string>& arguments) {
  std::vector<std::string> backwards = WithWholeSettings(arguments);
  std::reverse(backwards.begin(), backwards.end());
  AddGeneralOptions(root_);
  try {
    root_.parse(std::move(backwards));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
      return Refuse(error, root_);
    // What was asked for is the help or the version.
    std::ostringstream text;
    root_.exit(error, text, text);
    PrintText(text.str());
    chosen_ = [](const GeneralOptions&) { return ExitCode::kDone; };
  }
  auto done = chosen_(general_);
  if (const Status flushed = FlushAnswers(); done && !flushed) done = Pass(flushed);
  EndProgress();
  if (done) return static_cast<int>(*done);
  Say(done.error());
  return static_cast<int>(ExitCodeOf(done.error().kind));
}

void AddId(CLI::App& command, std::int64_t& id) {
  command.add_option("ID", id, "Its number")->type_name("")->check(IsId)->required();
}

void AddIds(CLI::App& command, std::vector<std::int64_t>& ids) {
  command.add_option("ID", ids, "Their numbers")->type_name("")->check(IsId);
}

std::string IsId(const std::string& text) {
  const auto id = ParseUnsigned(text);
  return id && *id <= INT64_MAX ? "" : "expected a number in place of '" + UserText(text) + "'";
}

}  // namespace s2c
