// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace s2c {

/// Why an inference has ended without results and what to do, from its status_message: by the
/// service's error code (https://manual.sen2cube.at/error-codes.html) where it names one, else by
/// what is known of the engine's messages. A clause for an error's sentence; nothing where the
/// message says nothing known.
std::optional<std::string> ExplainFailure(std::string_view message);

}  // namespace s2c
