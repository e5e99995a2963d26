// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// cache clear.
void AddCacheCommands(Commands& commands);

}  // namespace s2c
