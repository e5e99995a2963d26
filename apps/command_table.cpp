// SPDX-License-Identifier: MIT
#include "apps/command_table.h"

#include "apps/commands.h"

namespace s2c {
namespace {

std::vector<const CLI::Option*> Named(const CLI::App& app, bool general) {
  return app.get_options([general](const CLI::Option* option) {
    return option->nonpositional() && !option->get_group().empty() &&
           (option->get_group() == kGeneralGroup) == general;
  });
}

}  // namespace

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> OptionsOf(const CLI::App& app) { return Named(app, false); }
std::vector<const CLI::Option*> GeneralOptionsOf(const CLI::App& app) { return Named(app, true); }

std::vector<const CLI::Option*> ArgumentsOf(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool HasValue(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool IsRepeatable(const CLI::Option& option) { return option.get_items_expected_max() > 1; }

std::string PathOf(const CLI::App& app) {
  if (!app.get_parent()) return "";
  const std::string before = PathOf(*app.get_parent());
  return before + (before.empty() ? "" : " ") + app.get_name();
}

}  // namespace s2c
