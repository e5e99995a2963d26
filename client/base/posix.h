// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace s2c {

/// What is POSIX stands in posix.cpp, so that another system is a port of one file.

/// Changes in a forked child, so that whoever holds threads or sockets can tell that they are gone.
std::int64_t ProcessId();

/// Keeps the host program's signal handlers out of the calling thread, and SIGPIPE from ending the
/// process when a server closes a connection.
void BlockSignalsInThisThread();

}  // namespace s2c
