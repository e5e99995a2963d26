// SPDX-License-Identifier: MIT
#include <cpl_conv.h>

#include <cstring>
#include <iostream>

#include "client/sign_in.h"
#include "vsi/settings.h"

// `sign_in in [--offline]` logs S2C_USERNAME in by S2C_PASSWORD, `sign_in out` ends that; both
// print the account's name. For end-to-end tests, which need no terminal for it.
int main(int count, char** arguments) {
  const auto settings = s2c::ReadSettings("/vsis2c/", nullptr);
  const bool logs_in = count > 1 && std::strcmp(arguments[1], "in") == 0;
  s2c::Result<std::optional<std::string>> name = std::nullopt;
  if (!settings) {
    name = s2c::Pass(settings);
  } else if (logs_in) {
    const auto password = settings->password.value_or(s2c::Secret());
    name = s2c::SignIn(*settings, settings->username, password, count > 2);
  } else {
    name = s2c::SignOut(*settings);
  }
  if (!name) {
    std::cerr << name.error().message << '\n';
    return 1;
  }
  std::cout << name->value_or("") << '\n';
  return 0;
}
