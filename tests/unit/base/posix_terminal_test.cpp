// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "client/base/terminal.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

// Standard input, or another stream, is something else until the end of the scope.
class Exchanged {
 public:
  Exchanged(int stream, int other) : stream_(stream), before_(dup(stream)) { dup2(other, stream_); }
  ~Exchanged() {
    dup2(before_, stream_);
    close(before_);
  }
  Exchanged(const Exchanged&) = delete;
  Exchanged& operator=(const Exchanged&) = delete;

 private:
  const int stream_;
  const int before_;
};

Result<Secret> LineOf(const std::string& input) {
  std::FILE* const file = std::tmpfile();
  std::fwrite(input.data(), 1, input.size(), file);
  std::fflush(file);
  lseek(fileno(file), 0, SEEK_SET);
  const Exchanged standard_input(STDIN_FILENO, fileno(file));
  std::fclose(file);
  return ReadSecretLine();
}

TEST(ReadSecretLine, TakesOneLineWithoutItsEnd) {
  for (const char* input : {"pass word\n", "pass word\r\n", "pass word", "pass word\nmore\n"}) {
    const auto line = LineOf(input);
    ASSERT_EQ(MessageOf(line), "") << input;
    EXPECT_EQ(line->Reveal(), "pass word") << input;
  }
  const auto empty = LineOf("\n");
  ASSERT_EQ(MessageOf(empty), "");
  EXPECT_EQ(empty->Reveal(), "");
}

TEST(ReadSecretLine, SaysThatNothingCame) {
  EXPECT_THAT(ErrorOf(LineOf("")),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("nothing was answered")));
}

TEST(ReadSecretLine, TakesNoFileForALine) {
  EXPECT_EQ(MessageOf(LineOf(std::string(65536, 'x') + "\n")), "");
  EXPECT_THAT(ErrorOf(LineOf(std::string(65537, 'x') + "\n")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("too long")));
}

TEST(Arguments, AreThoseBehindTheNameOfTheProgram) {
  char name[] = "s2c";
  char word[] = "get";
  char* words[] = {name, word, nullptr};
  EXPECT_THAT(ArgumentsOf(2, words), ElementsAre("get"));
  EXPECT_THAT(ArgumentsOf(1, words), ElementsAre());
  EXPECT_THAT(ArgumentsOf(0, words + 2), ElementsAre());
}

TEST(TerminalColumns, AreThoseOfTheTerminalAndElseEighty) {
  const int control = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(control, 0);
  ASSERT_EQ(grantpt(control), 0);
  ASSERT_EQ(unlockpt(control), 0);
  const int terminal = open(ptsname(control), O_RDWR | O_NOCTTY);
  const int nothing = open("/dev/null", O_RDWR);
  for (const auto& [stream, number] :
       {std::pair(Stream::kInput, STDIN_FILENO), std::pair(Stream::kError, STDERR_FILENO)}) {
    winsize size{};
    EXPECT_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
    const Exchanged there(number, terminal);
    EXPECT_TRUE(IsTerminal(stream));
    EXPECT_EQ(TerminalColumns(stream), 80U) << "it does not know";
    size.ws_col = 133;
    EXPECT_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
    EXPECT_EQ(TerminalColumns(stream), 133U);
    const Exchanged gone(number, nothing);
    EXPECT_FALSE(IsTerminal(stream));
    EXPECT_EQ(TerminalColumns(stream), 80U);
  }
  close(terminal);
  close(control);
  close(nothing);
}

// A library's thread that was there before main(), as GDAL 3.13's is, does not block the signal.
TEST(EndingOnSignals, SaysTheLastWordsWhicheverThreadTheSignalComesTo) {
  int spoken[2] = {-1, -1};
  ASSERT_EQ(pipe(spoken), 0);
  const pid_t child = fork();
  if (child == 0) {
    std::thread early([] { sleep(30); });
    EndOnSignals([&] { (void)!write(spoken[1], "words", 5); });
    pthread_kill(early.native_handle(), SIGTERM);
    sleep(30);
    _exit(1);
  }
  close(spoken[1]);
  char text[6] = "";
  const ssize_t size = read(spoken[0], text, 5);
  close(spoken[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM) << status;
  EXPECT_EQ(size, 5);
  EXPECT_STREQ(text, "words");
}

}  // namespace
}  // namespace s2c
