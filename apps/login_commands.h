// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// login, logout, whoami.
void AddLoginCommands(Commands& commands);

}  // namespace s2c
