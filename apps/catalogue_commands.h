// SPDX-License-Identifier: MIT
#pragma once

#include "apps/commands.h"

namespace s2c {

/// list, models, factbases: the layers of the catalogue.
void AddCatalogueCommands(Commands& commands);

}  // namespace s2c
