// SPDX-License-Identifier: MIT
#pragma once

namespace s2c {

/// The program s2c.
int RunProgram(int argc, const char* const* argv);

}  // namespace s2c
