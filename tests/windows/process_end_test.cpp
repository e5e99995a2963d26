// SPDX-License-Identifier: MIT
// The end of a process whose library has connections, a thread, or a request under way.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/support/http_server.h"
#include "tests/unit/support/system.h"
#include "tests/unit/support/windows_process.h"

namespace s2c {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing_support::BesideThisProgram;
using testing_support::ChildProcess;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::SetVariable;

// With what a user takes for at once.
constexpr milliseconds kAtOnce{500};

// By each way to end: main() returns, ExitProcess(), FreeLibrary() and then main() returns.
class TheEndOfAProcess : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() { SetVariable("no_proxy", "*"); }

  // A program that calls these functions of the library, each with the address of its own.
  std::vector<std::string> Program(const std::vector<std::string>& functions) {
    std::vector<std::string> command = {BesideThisProgram("end_program.exe"),
                                        BesideThisProgram("end_library.dll"), GetParam()};
    for (const std::string& function : functions) {
      command.push_back(function);
      command.push_back(server_.Url("/" + function));
    }
    return command;
  }

  void ExpectEndAtOnce(const std::vector<std::string>& functions) {
    ChildProcess process(Program(functions));
    EXPECT_EQ(process.ReadLine(), "ends");
    const auto begin = steady_clock::now();
    if (GetParam() == std::string("free")) {
      ASSERT_EQ(process.ReadLine(), "freed");
      EXPECT_LT(steady_clock::now() - begin, kAtOnce);
    }
    const auto code = process.AwaitEnd(seconds(20));
    EXPECT_LT(steady_clock::now() - begin, kAtOnce);
    ASSERT_TRUE(code) << "it hangs";
    EXPECT_EQ(*code, 0U);
  }

  // Answers at once to Ask, and never to others.
  HttpServer server_{[](const std::string& head, const std::string&) {
    const std::string answer = HttpAnswer(200, "here");
    return head.find(" /Ask ") != std::string::npos ? answer : HttpServer::kPause + answer;
  }};
};

TEST_P(TheEndOfAProcess, ComesAtOnceAfterAnAnswer) { ExpectEndAtOnce({"Ask"}); }

TEST_P(TheEndOfAProcess, ComesAtOnceWhileAnAnswerIsMissing) { ExpectEndAtOnce({"Ask", "Begin"}); }

TEST_P(TheEndOfAProcess, ComesAtOnceWhileAThreadWaitsForAnAnswer) {
  ExpectEndAtOnce({"Ask", "Await"});
}

TEST_P(TheEndOfAProcess, ComesAtOnceThoughTheLibraryAsksInItsLastMoment) {
  ExpectEndAtOnce({"Ask", "AskAtTheEnd"});
}

INSTANTIATE_TEST_SUITE_P(Ways, TheEndOfAProcess, testing::Values("return", "exit", "free"));

// The address of what was freed is the same, or another: it works again either way.
using TheEndOfALibrary = TheEndOfAProcess;

TEST_P(TheEndOfALibrary, LetsItBeLoadedAndUsedAgain) {
  ChildProcess process(Program({"Ask"}));
  for (const char* line : {"ends", "freed", "called again"}) EXPECT_EQ(process.ReadLine(), line);
  EXPECT_EQ(process.AwaitEnd(seconds(20)).value_or(99), 0U);
}

INSTANTIATE_TEST_SUITE_P(Ways, TheEndOfALibrary, testing::Values("again"));

}  // namespace
}  // namespace s2c
