// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigwait is POSIX's, not C++'s
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "client/base/terminal.h"

namespace s2c {
namespace {

// Longer than any password: who pipes a file in by mistake is told so.
constexpr std::size_t kLongestLine = 65536;

int DescriptorOf(Stream stream) {
  switch (stream) {
    case Stream::kInput:
      return STDIN_FILENO;
    case Stream::kOutput:
      return STDOUT_FILENO;
    case Stream::kError:
      break;
  }
  return STDERR_FILENO;
}

void WriteText(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Result<std::string> ReadLine(int fd) {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t got = read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || (got == 0 && line.empty()))
      return Fail(ErrorKind::kInterrupted,
                  "nothing was answered: type it, or give a line on standard input");
    if (got == 0 || c == '\n') break;
    if (line.size() == kLongestLine)
      return Fail(ErrorKind::kInvalidInput, "the line on standard input is too long");
    line += c;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

Result<Secret> Hidden(Result<std::string> line) {
  if (!line) return Pass(line);
  return Secret(std::move(*line));
}

// The one that controls the process.
class Terminal {
 public:
  Terminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  ~Terminal() {
    if (fd_ >= 0) close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool is_there() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

tl::unexpected<Error> NoTerminal() {
  return Fail(ErrorKind::kNotFound,
              "there is no terminal to ask on: give the password as a line on standard input");
}

// The terminal as it was before its echo was turned off. The thread that ends the process restores
// it as well.
class Echo {
 public:
  bool TurnOff(int fd) {
    const std::lock_guard<std::mutex> lock(mutex_);
    termios before{};
    if (tcgetattr(fd, &before) != 0) return false;
    termios unseen = before;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    unseen.c_lflag |= static_cast<tcflag_t>(ECHONL);
    // What was typed before the question is no answer to it.
    if (tcsetattr(fd, TCSAFLUSH, &unseen) != 0) return false;
    before_ = before;
    fd_ = fd;
    return true;
  }

  void Restore() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (before_) tcsetattr(fd_, TCSAFLUSH, &*before_);
    before_.reset();
  }

 private:
  std::mutex mutex_;
  std::optional<termios> before_;
  int fd_ = -1;
};

Echo& TerminalEcho() {
  static auto* const echo = new Echo;
  return *echo;
}

constexpr int kEndingSignals[] = {SIGINT, SIGTERM, SIGHUP};

sigset_t EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : kEndingSignals) {
    struct sigaction action = {};
    // Of a signal that is ignored sigwait would hear all the same.
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&signals, number);
  }
  return signals;
}

pthread_t& WaitingThread() {
  static pthread_t thread;
  return thread;
}

// Libraries may have begun threads before main(), as GDAL 3.13's do, in which these signals are not
// blocked and would end the process at once (issue 12).
void HandOnToWaitingThread(const sigset_t& signals) {
  struct sigaction hand_on = {};
  hand_on.sa_handler = [](int number) { pthread_kill(WaitingThread(), number); };
  hand_on.sa_flags = SA_RESTART;
  for (const int number : kEndingSignals) {
    if (sigismember(&signals, number) == 1) sigaction(number, &hand_on, nullptr);
  }
}

// A shell stops its script only where the program has died of the signal.
[[noreturn]] void DieOf(int number) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigaction(number, &action, nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(number);
  // The first process of a container is not killed by a signal of its own.
  _exit(128 + number);
}

}  // namespace

// In whichever encoding, they are file names and texts as the system has them.
std::vector<std::string> ArgumentsOf(int argc, char** argv) {
  // A program may be called without any, not even its name.
  return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

bool IsTerminal(Stream stream) { return isatty(DescriptorOf(stream)) == 1; }

std::size_t TerminalColumns(Stream stream) {
  winsize size{};
  if (ioctl(DescriptorOf(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

Result<Secret> AskUnseen(const std::string& question) {
  const Terminal terminal;
  if (!terminal.is_there()) return NoTerminal();
  Echo& echo = TerminalEcho();
  if (!echo.TurnOff(terminal.fd()))
    return Fail(ErrorKind::kNotFound,
                "the terminal would show the password: give it as a line on standard input");
  WriteText(terminal.fd(), question);
  auto line = ReadLine(terminal.fd());
  echo.Restore();
  return Hidden(std::move(line));
}

Result<std::string> AskOnTerminal(const std::string& question) {
  const Terminal terminal;
  if (!terminal.is_there()) return NoTerminal();
  WriteText(terminal.fd(), question);
  return ReadLine(terminal.fd());
}

Result<Secret> ReadSecretLine() { return Hidden(ReadLine(STDIN_FILENO)); }

void EndOnSignals(std::function<void()> last_words) {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &ignore, nullptr);
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread waiting([signals, last_words = std::move(last_words)] {
    int number = 0;
    while (sigwait(&signals, &number) != 0) continue;
    TerminalEcho().Restore();
    last_words();
    DieOf(number);
  });
  WaitingThread() = waiting.native_handle();
  waiting.detach();
  HandOnToWaitingThread(signals);
}

}  // namespace s2c
