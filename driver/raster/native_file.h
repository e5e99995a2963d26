// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "vsi/paths.h"

namespace s2c {

/// Mounts the output at `index` once more as the file in the data cube's own reference system that
/// lies beside the one that the API names (Output::NativeData). Null where there is no such file;
/// an error where it cannot be known. The first bytes of the file are on their way then.
Result<std::unique_ptr<Mount>> MountNative(const Mount& mount, std::size_t index);

}  // namespace s2c
