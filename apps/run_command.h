// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// run: an inference on the features of any vector source.
void AddRunCommand(Commands& commands);

}  // namespace s2c
