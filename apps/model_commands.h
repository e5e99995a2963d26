// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// model get, put, delete: knowledgebases one by one.
void AddModelCommands(Commands& commands);

}  // namespace s2c
