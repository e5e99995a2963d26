// SPDX-License-Identifier: MIT
// shellapi.h needs windows.h.
// clang-format off
#include <windows.h>
#include <shellapi.h>
// clang-format on

#include <mutex>
#include <optional>

#include "client/base/terminal.h"
#include "client/base/windows_file.h"

namespace s2c {
namespace {

// Longer than any password: who pipes a file in by mistake is told so.
constexpr std::size_t kLongestLine = 65536;

HANDLE HandleOf(Stream stream) {
  switch (stream) {
    case Stream::kInput:
      return GetStdHandle(STD_INPUT_HANDLE);
    case Stream::kOutput:
      return GetStdHandle(STD_OUTPUT_HANDLE);
    case Stream::kError:
      break;
  }
  return GetStdHandle(STD_ERROR_HANDLE);
}

tl::unexpected<Error> NothingAnswered() {
  return Fail(ErrorKind::kInterrupted,
              "nothing was answered: type it, or give a line on standard input");
}

tl::unexpected<Error> TooLong() {
  return Fail(ErrorKind::kInvalidInput, "the line on standard input is too long");
}

Result<Secret> Hidden(Result<std::string> line) {
  if (!line) return Pass(line);
  return Secret(std::move(*line));
}

// The console of the process, wherever its standard streams go.
class Console {
 public:
  Console() : input_(Open(L"CONIN$")), output_(Open(L"CONOUT$")) {}

  bool is_there() const { return input_.is_valid() && output_.is_valid(); }
  HANDLE input() const { return input_.get(); }

  void Write(const std::string& text) const {
    const std::wstring wide = Wide(text);
    DWORD written = 0;
    WriteConsoleW(output_.get(), wide.data(), static_cast<DWORD>(wide.size()), &written, nullptr);
  }

  Result<std::string> ReadLine() const {
    std::wstring line;
    for (;;) {
      wchar_t unit = 0;
      DWORD got = 0;
      if (!ReadConsoleW(input_.get(), &unit, 1, &got, nullptr) || got == 0)
        return NothingAnswered();
      // Ctrl-Z is how a console says that nothing more comes.
      if (unit == 26 && line.empty()) return NothingAnswered();
      if (unit == L'\n') break;
      if (line.size() == kLongestLine) return TooLong();
      line += unit;
    }
    if (!line.empty() && line.back() == L'\r') line.pop_back();
    return Narrow(line);
  }

 private:
  static HANDLE Open(const wchar_t* name) {
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       nullptr, OPEN_EXISTING, 0, nullptr);
  }

  const Handle input_;
  const Handle output_;
};

tl::unexpected<Error> NoConsole() {
  return Fail(ErrorKind::kNotFound,
              "there is no terminal to ask on: give the password as a line on standard input");
}

// The console as it was before its echo was turned off. The thread that ends the process restores
// it as well.
class Echo {
 public:
  bool TurnOff(HANDLE input) {
    const std::lock_guard<std::mutex> lock(mutex_);
    DWORD before = 0;
    if (!GetConsoleMode(input, &before)) return false;
    // What was typed before the question is no answer to it.
    FlushConsoleInputBuffer(input);
    const DWORD unseen = (before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT)) | ENABLE_LINE_INPUT |
                         ENABLE_PROCESSED_INPUT;
    if (!SetConsoleMode(input, unseen)) return false;
    before_ = before;
    input_ = input;
    return true;
  }

  void Restore() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (before_) SetConsoleMode(input_, *before_);
    before_.reset();
  }

 private:
  std::mutex mutex_;
  std::optional<DWORD> before_;
  HANDLE input_ = nullptr;
};

Echo& ConsoleEcho() {
  static auto* const echo = new Echo;
  return *echo;
}

std::function<void()>& LastWords() {
  static auto* const words = new std::function<void()>;
  return *words;
}

// Of the system's own thread for this. What is not handled here ends the process.
BOOL WINAPI OnEnd(DWORD /*event*/) {
  ConsoleEcho().Restore();
  LastWords()();
  return FALSE;
}

}  // namespace

// What main() is given is in the ANSI code page, which few names fit into.
std::vector<std::string> ArgumentsOf(int /*argc*/, char** /*argv*/) {
  SetConsoleOutputCP(CP_UTF8);
  int count = 0;
  wchar_t** const words = CommandLineToArgvW(GetCommandLineW(), &count);
  std::vector<std::string> arguments;
  for (int i = 1; words && i < count; ++i) arguments.push_back(Narrow(words[i]));
  LocalFree(words);
  return arguments;
}

bool IsTerminal(Stream stream) {
  DWORD mode = 0;
  return GetConsoleMode(HandleOf(stream), &mode) != FALSE;
}

std::size_t TerminalColumns(Stream stream) {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!GetConsoleScreenBufferInfo(HandleOf(stream), &info)) return 80;
  const int columns = info.srWindow.Right - info.srWindow.Left + 1;
  return columns > 0 ? static_cast<std::size_t>(columns) : 80;
}

Result<Secret> AskUnseen(const std::string& question) {
  const Console console;
  if (!console.is_there()) return NoConsole();
  Echo& echo = ConsoleEcho();
  if (!echo.TurnOff(console.input()))
    return Fail(ErrorKind::kNotFound,
                "the terminal would show the password: give it as a line on standard input");
  console.Write(question);
  auto line = console.ReadLine();
  echo.Restore();
  console.Write("\r\n");
  return Hidden(std::move(line));
}

Result<std::string> AskOnTerminal(const std::string& question) {
  const Console console;
  if (!console.is_there()) return NoConsole();
  console.Write(question);
  return console.ReadLine();
}

// UTF-8, as a file or another program's output is.
Result<Secret> ReadSecretLine() {
  std::string line;
  for (;;) {
    char c = 0;
    DWORD got = 0;
    const bool is_read = ReadFile(HandleOf(Stream::kInput), &c, 1, &got, nullptr) != FALSE;
    const bool is_end = !is_read || got == 0;
    if (is_end && line.empty()) return NothingAnswered();
    if (is_end || c == '\n') break;
    if (line.size() == kLongestLine) return TooLong();
    line += c;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return Secret(std::move(line));
}

// There are no signals from elsewhere: Ctrl-C, Ctrl-Break, and the end of the console, of the
// session and of the system come to one handler.
void EndOnSignals(std::function<void()> last_words) {
  LastWords() = std::move(last_words);
  SetConsoleCtrlHandler(OnEnd, TRUE);
}

}  // namespace s2c
