// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// rerun, abort, delete: of inferences by their numbers, or of all that fit a condition.
void AddBatchCommands(Commands& commands);

}  // namespace s2c
