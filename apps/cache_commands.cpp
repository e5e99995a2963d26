// SPDX-License-Identifier: MIT
#include "apps/cache_commands.h"

#include "apps/answer.h"
#include "client/kept_answers.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

Result<ExitCode> Clear(const GeneralOptions& general) {
  const auto settings = general.Settings(kVsiPrefix);
  if (!settings) return Pass(settings);
  if (settings->answer_cache.empty())
    return Fail(ErrorKind::kInvalidInput,
                "there is no folder that could be cleared: set S2C_ANSWER_CACHE to the one that is "
                "meant, or S2C_TOKEN_CACHE to YES");
  const auto removed = KeptAnswers::Clear(settings->answer_cache);
  if (!removed) return Pass(removed);
  if (general.json) {
    Record record;
    record.Set("folder", settings->answer_cache);
    record.Set("removed", static_cast<std::int64_t>(*removed));
    PrintRecord(true, record);
  } else {
    PrintText(std::to_string(*removed) + "\n");
  }
  return ExitCode::kDone;
}

}  // namespace

void AddCacheCommands(Commands& commands) {
  CLI::App& cache =
      Commands::AddGroup(commands.root(), "cache", "What is kept of what the servers said");
  commands.Add(cache, "clear",
               "Remove all that S2C_ANSWER_CACHE keeps, of all accounts and servers, and tell how "
               "many files that were; logins stay",
               Clear);
}

}  // namespace s2c
