// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <functional>
#include <string>

#include "client/base/result.h"
#include "vsi/paths.h"

namespace s2c {

/// VSISync() of the file at `path`, which `parsed` is, with a name, to `target`: a file, or a
/// folder that is there. The copy gets the time when the run finished and is of the same run as
/// long as it has that, so that a second look asks for no byte (issue 10): the API tells no other
/// file's size than an output's. `copy` makes the file. What is no whole copy then is deleted.
Status SyncFile(const std::string& path, const VsiPath& parsed, const std::string& target,
                CSLConstList options, const std::function<bool()>& copy);

}  // namespace s2c
