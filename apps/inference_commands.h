// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// show, get: one inference and its results.
void AddInferenceCommands(Commands& commands);

}  // namespace s2c
