// SPDX-License-Identifier: MIT
#pragma once

// S2C_EXPORTED makes a function one that others look up by its name, in a library that shows
// nothing else. S2C_RETURN_ADDRESS() is where the function in which it stands was called.
#ifdef _WIN32
#define S2C_EXPORTED extern "C" __declspec(dllexport)
#else
#define S2C_EXPORTED extern "C" __attribute__((visibility("default")))
#endif

#ifdef _MSC_VER
#include <intrin.h>
#define S2C_RETURN_ADDRESS() _ReturnAddress()
#else
#define S2C_RETURN_ADDRESS() __builtin_return_address(0)
#endif
