// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "client/base/result.h"
#include "client/base/secret.h"

namespace s2c {

/// What a program in a terminal needs of the system.

/// What the program was called with, without its own name, in UTF-8; from here on what it writes to
/// the terminal is taken for UTF-8, too. To be called once, first thing in main().
std::vector<std::string> ArgumentsOf(int argc, char** argv);

enum class Stream { kInput, kOutput, kError };

bool IsTerminal(Stream stream);
/// Columns of the terminal at `stream`; 80 where it does not say.
std::size_t TerminalColumns(Stream stream);

/// Asks on the terminal that controls the process, wherever its standard streams go, and reads a
/// line without showing it. kNotFound where there is no such terminal, kInterrupted where the line
/// does not come.
Result<Secret> AskUnseen(const std::string& question);
/// The same with what is typed shown.
Result<std::string> AskOnTerminal(const std::string& question);
/// A line of standard input, which is no terminal, without its end.
Result<Secret> ReadSecretLine();

/// From here on Ctrl-C (SIGINT), SIGTERM and SIGHUP end the process within the time that
/// `last_words` takes, whatever its threads are waiting for, with the terminal's echo restored;
/// `last_words` is called in a thread of its own. A signal that is ignored already, as nohup does
/// it, stays so. A file that grows too large (RLIMIT_FSIZE) is a failed write from here on. To be
/// called before this program has begun another thread.
void EndOnSignals(std::function<void()> last_words);

}  // namespace s2c
