// SPDX-License-Identifier: MIT
#include "apps/program.h"

#include <exception>
#include <initializer_list>
#include <string>
#include <utility>

#include "apps/batch_commands.h"
#include "apps/cache_commands.h"
#include "apps/catalogue_commands.h"
#include "apps/commands.h"
#include "apps/completion.h"
#include "apps/console.h"
#include "apps/inference_commands.h"
#include "apps/interruption.h"
#include "apps/login_commands.h"
#include "apps/manual.h"
#include "apps/model_commands.h"
#include "apps/run_command.h"
#include "apps/waiting.h"
#include "driver/s2c_driver.h"

namespace s2c {
namespace {

// For the build: what is installed beside the program.
void AddGeneratedTexts(Commands& commands) {
  CLI::App& generate = Commands::AddGroup(commands.root(), "generate", "Write what is installed");
  generate.group("");
  const CLI::App& root = commands.root();
  using Writer = std::string (*)(const CLI::App&);
  for (const auto& [name, writer] : std::initializer_list<std::pair<const char*, Writer>>{
           {"man", ManualPage}, {"bash", BashCompletion}, {"zsh", ZshCompletion}}) {
    commands.Add(generate, name, "For the build",
                 [&root, writer = writer](const GeneralOptions&) -> Result<ExitCode> {
                   PrintText(writer(root));
                   return ExitCode::kDone;
                 });
  }
}

int RunCommands(const std::vector<std::string>& arguments) {
  Commands commands;
  AddLoginCommands(commands);
  AddCatalogueCommands(commands);
  AddInferenceCommands(commands);
  AddRunCommand(commands);
  AddWaitCommand(commands);
  AddBatchCommands(commands);
  AddModelCommands(commands);
  AddCacheCommands(commands);
  AddGeneratedTexts(commands);
  return commands.Run(arguments);
}

}  // namespace

int RunProgram(const std::vector<std::string>& arguments) {
  // Before GDAL looks for plugins: whatever GDAL_DRIVER_PATH names, this program uses its own.
  EndOnInterruption();
  SendGdalMessagesToConsole();
  RegisterS2C();
  try {
    return RunCommands(arguments);
  } catch (const std::exception& exception) {
    Say(std::string("internal failure: ") + exception.what());
    return static_cast<int>(ExitCode::kFailed);
  }
}

}  // namespace s2c
