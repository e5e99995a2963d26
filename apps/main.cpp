// SPDX-License-Identifier: MIT
#include "apps/program.h"

int main(int argc, char** argv) { return s2c::RunProgram(argc, argv); }
