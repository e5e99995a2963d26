// SPDX-License-Identifier: MIT
// What becomes of curl_transport.h's thread and connections in a forked child, and at the end.
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/http/curl_transport_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::CurlTransportTest;
using testing_support::Echo;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::MessageOf;

// ThreadSanitizer (GCC 12) cannot follow a child that starts a thread after a fork of a process
// with threads: it ends it, and with die_after_fork=0 it takes the new thread for one of the
// parent's ("dup thread with used id").
#if !defined(__SANITIZE_THREAD__)

// Runs `body` in a forked child and returns its exit code. A child that hangs is killed after a
// while; that it has ended shows by the pipe, whose other end is closed with it.
template <class Body>
int ExitCodeOfChild(Body body) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) _exit(body());
  close(ends[1]);
  pollfd ended{ends[0], POLLIN, 0};
  if (poll(&ended, 1, 20000) != 1) kill(child, SIGKILL);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(CurlTransportTest, WorksInAForkedChildAndAfterwardsInTheParent) {
  HttpServer server(Echo);
  ASSERT_THAT(BodyOf(Ask(server.Url("/before"))), HasSubstr("/before"));
  const std::size_t before = server.connections();
  // No EXPECT in a child: it shares the parent's output, and its exit code is its result.
  EXPECT_EQ(ExitCodeOfChild([&] {
              const auto response = transport_.Send(Ask(server.Url("/child")));
              return response && response->body.find("/child") != std::string::npos ? 7 : 1;
            }),
            7);
  EXPECT_EQ(server.connections(), before + 1) << "the child leaves the parent's connection alone";
  EXPECT_THAT(BodyOf(Ask(server.Url("/after"))), HasSubstr("/after"));
  EXPECT_EQ(server.connections(), before + 1) << "and the parent goes on with it";
}

TEST_F(CurlTransportTest, AnExchangeFromBeforeAForkIsSentAnewInTheChild) {
  std::mutex mutex;
  std::condition_variable changed;
  int arrived = 0;
  bool released = false;
  // The parent's answer waits. So nothing of it goes on while the process forks, either, which
  // AddressSanitizer (GCC 12) could not bear: its allocator's locks do not survive a fork.
  HttpServer server([&](const std::string& head, const std::string& body) {
    std::unique_lock<std::mutex> lock(mutex);
    const bool first = ++arrived == 1;
    changed.notify_all();
    if (first) changed.wait(lock, [&] { return released; });
    return Echo(head, body);
  });
  auto exchange = transport_.Start(Ask(server.Url("/inherited")));
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return arrived == 1; });
  }
  EXPECT_EQ(ExitCodeOfChild([&] {
              const auto response = exchange->Wait();
              return response && response->body.find("/inherited") != std::string::npos ? 7 : 1;
            }),
            7);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    released = true;
    changed.notify_all();
  }
  EXPECT_EQ(MessageOf(exchange->Wait()), "");
  EXPECT_EQ(arrived, 2);
}

// Registered before main() and so run after all other exit handlers, the TLS library's among them.
void (*at_the_very_end)() = nullptr;
const int registered = std::atexit([] {
  if (at_the_very_end) at_the_very_end();
});

// Who goes on while the process ends runs in a program whose static objects are being destroyed.
TEST_F(CurlTransportTest, AThreadThatWaitsHearsNothingOfTheEndAndTheEndingOneAtOnce) {
  static std::atomic<bool> has_arrived{false};
  static std::atomic<bool> has_heard{false};
  static CurlTransport* transport = nullptr;
  ASSERT_EQ(registered, 0);
  for (int run = 0; run < 20; ++run) {
    ASSERT_EQ(ExitCodeOfChild([&]() -> int {
                at_the_very_end = [] {
                  const bool before = has_heard;
                  const bool mine = transport->Send(Ask("http://127.0.0.1:1/")).has_value();
                  _exit(before || mine || has_heard ? 8 : 7);
                };
                transport = new CurlTransport(ConnectionSettings());
                auto* const server = new HttpServer([](const std::string&, const std::string&) {
                  has_arrived = true;
                  return std::string();
                });
                std::thread([server] {
                  static_cast<void>(transport->Send(Ask(server->Url())));
                  has_heard = true;
                }).detach();
                while (!has_arrived) std::this_thread::yield();
                std::exit(2);
              }),
              7)
        << run;
  }
}

TEST_F(CurlTransportTest, NoThreadIsLeftWhenTheTlsLibraryTakesItselfDown) {
  ASSERT_EQ(registered, 0);
  for (int run = 0; run < 120; ++run) {
    // The server is the child's own: of a parent without threads no lock is inherited that one of
    // them held, those of AddressSanitizer's allocator among them.
    ASSERT_EQ(ExitCodeOfChild([&]() -> int {
                at_the_very_end = [] {
                  const std::filesystem::directory_iterator threads("/proc/self/task");
                  _exit(std::distance(begin(threads), end(threads)) == 1 ? 7 : 8);
                };
                if (HttpServer server(Echo); !transport_.Send(Ask(server.Url()))) return 1;
                std::exit(2);
              }),
              7)
        << run;
  }
}

#endif

}  // namespace
}  // namespace s2c
