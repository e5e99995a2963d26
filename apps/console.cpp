// SPDX-License-Identifier: MIT
#include "apps/console.h"

#include <cpl_error.h>

#include <cstdio>
#include <mutex>

#include "client/base/shown_text.h"
#include "client/base/terminal.h"
#include "client/base/text.h"

namespace s2c {
namespace {

struct ErrorStream {
  std::mutex mutex;
  std::size_t progress_width = 0;  ///< of the line that stands there

  void Write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  }
  // With blanks: not every terminal knows an order for that.
  void Clear() {
    if (progress_width > 0) Write("\r" + std::string(progress_width, ' ') + "\r");
    progress_width = 0;
  }
};

ErrorStream& Errors() {
  static auto* const stream = new ErrorStream;
  return *stream;
}

void CPL_STDCALL SayMessage(CPLErr level, CPLErrorNum number, const char* text) {
  if (level == CE_Debug) {
    EndProgress();
    CPLDefaultErrorHandler(level, number, text);
    return;
  }
  constexpr std::string_view kDriver = "S2C: ";
  std::string_view message = text;
  if (StartsWith(message, kDriver)) message.remove_prefix(kDriver.size());
  Say((level == CE_Warning ? "warning: " : "") + std::string(message));
}

}  // namespace

void Say(const std::string& text) {
  ErrorStream& errors = Errors();
  const std::lock_guard<std::mutex> lock(errors.mutex);
  errors.Clear();
  errors.Write("s2c: " + ShownText(text) + "\n");
}

void Say(const Error& error) { Say(error.message); }

void ShowProgress(const std::string& text) {
  if (!IsTerminal(Stream::kError)) return;
  ErrorStream& errors = Errors();
  const std::lock_guard<std::mutex> lock(errors.mutex);
  // In the last column a cursor may go to the next line.
  const std::string shown = CutToWidth(ShownText(text), TerminalColumns(Stream::kError) - 1);
  const std::size_t width = ShownWidth(shown);
  const std::size_t left_over = errors.progress_width > width ? errors.progress_width - width : 0;
  errors.Write("\r" + shown + std::string(left_over, ' '));
  errors.progress_width = width + left_over;
}

void EndProgress() {
  ErrorStream& errors = Errors();
  const std::lock_guard<std::mutex> lock(errors.mutex);
  errors.Clear();
}

void SendGdalMessagesToConsole() { CPLSetErrorHandler(SayMessage); }

}  // namespace s2c
