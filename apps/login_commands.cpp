// SPDX-License-Identifier: MIT
#include "apps/login_commands.h"

#include "apps/answer.h"
#include "apps/console.h"
#include "client/base/terminal.h"
#include "client/base/text.h"
#include "client/sign_in.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

constexpr int kTries = 3;

struct LoginOptions {
  std::string username;
  bool offline = false;
};

// Of the options that hold for any path, since whoever logs in does so for all of them.
Result<SessionSettings> LoginSettings(const GeneralOptions& general) {
  return general.Settings(kVsiPrefix);
}

Result<std::string> NameOf(const LoginOptions& options, const SessionSettings& settings) {
  if (!options.username.empty()) return options.username;
  if (!settings.username.empty()) return settings.username;
  if (!IsTerminal(Stream::kInput))
    return Fail(ErrorKind::kInvalidInput, "nobody says who logs in: give --username");
  auto name = AskOnTerminal("User name: ");
  if (!name) return Pass(name);
  const std::string_view trimmed = Trim(*name);
  if (trimmed.empty())
    return Fail(ErrorKind::kInvalidInput, "nobody says who logs in: give --username");
  return std::string(trimmed);
}

// Asked on a terminal, wherever standard output goes; where standard input is none, its line.
Result<std::string> AskAndSignIn(const SessionSettings& settings, const std::string& name,
                                 bool offline) {
  const bool is_terminal = IsTerminal(Stream::kInput);
  for (int left = is_terminal ? kTries : 1;; --left) {
    auto password =
        is_terminal ? AskUnseen("Password of " + UserText(name) + ": ") : ReadSecretLine();
    if (!password) return Pass(password);
    auto signed_in = SignIn(settings, name, *password, offline);
    if (signed_in || signed_in.error().kind != ErrorKind::kCredentials || left == 1)
      return signed_in;
    Say(signed_in.error());
  }
}

Result<ExitCode> PrintUser(const GeneralOptions& general, const std::string& name) {
  Record record;
  record.Set("username", name);
  if (general.json) {
    PrintRecord(true, record);
  } else {
    PrintText(name + "\n");
  }
  return ExitCode::kDone;
}

Result<ExitCode> LogIn(const LoginOptions& options, const GeneralOptions& general) {
  const auto settings = LoginSettings(general);
  if (!settings) return Pass(settings);
  const auto name = NameOf(options, *settings);
  if (!name) return Pass(name);
  const auto signed_in = AskAndSignIn(*settings, *name, options.offline);
  if (!signed_in) return Pass(signed_in);
  return PrintUser(general, *signed_in);
}

Result<ExitCode> LogOut(const GeneralOptions& general) {
  const auto settings = LoginSettings(general);
  if (!settings) return Pass(settings);
  const auto name = SignOut(*settings);
  if (!name) return Pass(name);
  if (*name) return PrintUser(general, **name);
  return Fail(ErrorKind::kCredentials, "nobody was logged in");
}

Result<ExitCode> WhoAmI(const GeneralOptions& general) {
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  const auto name = (*session)->GetUserName();
  if (!name) return Pass(name);
  return PrintUser(general, *name);
}

}  // namespace

void AddLoginCommands(Commands& commands) {
  const auto options = std::make_shared<LoginOptions>();
  CLI::App& login = commands.Add(
      commands.root(), "login",
      "Log in for all programs of this user: ask for the password, and keep what the login server "
      "gives for it",
      [options](const GeneralOptions& general) { return LogIn(*options, general); });
  login.add_option("--username", options->username, "Who logs in; asked for unless given")
      ->type_name("NAME");
  login.add_flag("--offline", options->offline,
                 "For weeks, where the login server allows that (offline_access)");
  commands.Add(commands.root(), "logout", "End that login, here and at the login server", LogOut);
  commands.Add(commands.root(), "whoami", "Tell whose login is used", WhoAmI);
}

}  // namespace s2c
