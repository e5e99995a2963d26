// SPDX-License-Identifier: MIT
#include "apps/program.h"
#include "client/base/terminal.h"

int main(int argc, char** argv) { return s2c::RunProgram(s2c::ArgumentsOf(argc, argv)); }
