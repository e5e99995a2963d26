// SPDX-License-Identifier: MIT
#include "vsi/user_folders.h"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <system_error>

#include "client/base/environment.h"
#include "client/base/log.h"
#include "client/base/system.h"

namespace s2c {
namespace {

bool IsOneOf(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return EQUAL(text.c_str(), word); });
}

bool IsNo(const std::string& option) { return IsOneOf(option, {"NO", "FALSE", "OFF", "0", ""}); }
bool IsYes(const std::string& option) { return IsOneOf(option, {"YES", "TRUE", "ON", "1"}); }

bool IsSeparator(char c) { return c == '/' || c == std::filesystem::path::preferred_separator; }

// Empty where it cannot be told, with the reason in `why`.
std::string AbsolutePath(const std::string& path, std::string& why) {
  try {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(std::filesystem::u8path(path), failed);
    if (!failed) return absolute.u8string();
    why = failed.message();
  } catch (const std::exception&) {
    // Windows has names as UTF-16, which not all texts can become.
    why = "it is no text in UTF-8";
  }
  return {};
}

// Where the program stands now, wherever it goes later.
Result<std::string> NamedFolder(const std::string& option, const std::string& name) {
  const auto folder = ExpandHome(option, name);
  if (!folder) return folder;
  if (folder->front() == '~')
    return Fail(ErrorKind::kInvalidInput,
                "'" + option + "' is another user's home, which S2C_" + name + " cannot name");
  std::string why;
  const std::string absolute = AbsolutePath(*folder, why);
  if (!absolute.empty()) return absolute;
  return Fail(ErrorKind::kInvalidInput, "'" + option + "' cannot be found: " + why);
}

std::string NoCache(const std::string& why) {
  LogDebug("tokens are kept in memory only: " + why);
  return {};
}

// Where the XDG base directory specification puts what can be had again.
std::string DefaultFolder() {
  const char* const named = CPLGetConfigOption("XDG_CACHE_HOME", nullptr);
  const std::string cache = named ? ValueOfVariable("XDG_CACHE_HOME", named) : "";
  // "If an implementation encounters a relative path [...] it should [...] ignore it."
  const bool is_absolute = IsAbsolutePath(cache);
  if (!cache.empty() && !is_absolute)
    LogDebug("XDG_CACHE_HOME is '" + cache + "', no absolute path, and is ignored");
  if (!is_absolute) {
    const std::string of_system = SystemCacheFolder();
    return of_system.empty() ? NoCache("there is no home folder") : of_system + "/gdal_S2C";
  }
  // A home that does not exist is nowhere, and not to be made (issue 9).
  const std::string home = HomeFolder();
  const bool is_at_home = !home.empty() && cache.size() > home.size() &&
                          cache.compare(0, home.size(), home) == 0 &&
                          IsSeparator(cache[home.size()]);
  if (!is_at_home && !IsFolder(cache))
    return NoCache("the folder '" + cache + "' that XDG_CACHE_HOME names does not exist");
  return cache + "/gdal_S2C";
}

}  // namespace

Result<std::string> ExpandHome(const std::string& path, const std::string& name) {
  const bool is_home = path == "~" || (path.size() > 1 && path[0] == '~' && IsSeparator(path[1]));
  if (!is_home) return path;
  const std::string home = HomeFolder();
  if (!home.empty()) return home + path.substr(1);
  return Fail(ErrorKind::kInvalidInput, "S2C_" + name + " is '" + path +
                                            "', but this user has no home folder: give the whole "
                                            "path");
}

std::string TokenCacheFolder(const std::string& option) {
  if (IsNo(option)) return {};
  if (IsYes(option)) return DefaultFolder();
  const auto folder = NamedFolder(option, "TOKEN_CACHE");
  return folder ? *folder : NoCache(folder.error().message);
}

std::string AnswerCacheFolder(const std::string& option, const std::string& token_cache) {
  if (IsNo(option)) return {};
  if (IsYes(option)) return token_cache.empty() ? token_cache : token_cache + "/answers";
  const auto folder = NamedFolder(option, "ANSWER_CACHE");
  if (folder) return *folder;
  LogDebug("no answers are kept: " + folder.error().message);
  return {};
}

}  // namespace s2c
