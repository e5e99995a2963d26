// SPDX-License-Identifier: MIT
#include "client/http/curl_transport.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::ClosedPort;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::MakeUrl;
using testing_support::MessageOf;

Request Ask(const std::string& url) {
  Request request;
  request.url = MakeUrl(url);
  return request;
}

// Answers with the request's own head and body.
std::string Echo(const std::string& head, const std::string& body) {
  return HttpAnswer(200, head + body);
}

class CurlTransportTest : public testing::Test {
 protected:
  // A proxy of the machine that runs the tests has no part in them.
  static void SetUpTestSuite() { setenv("no_proxy", "*", 1); }

  std::string BodyOf(const Request& request) {
    const auto response = transport_.Send(request);
    return response ? testing_support::BodyOf(*response) : "failed: " + response.error().message;
  }

  CurlTransport transport_{ConnectionSettings()};
};

TEST_F(CurlTransportTest, SendsNothingWhereAHeaderHoldsALineBreak) {
  int answered = 0;
  HttpServer server([&answered](const std::string&, const std::string&) {
    ++answered;
    return HttpAnswer(200, "");
  });
  for (const char* value : {"hidden\r\nX-Evil: 1", "hidden\n", "\thidden", "hidden\x7f"}) {
    Request with_bearer = Ask(server.Url("/"));
    with_bearer.bearer = Secret(value);
    Request with_header = Ask(server.Url("/"));
    with_header.headers = {{"Accept", value}, {"X", "y"}};
    Request with_name = Ask(server.Url("/"));
    with_name.headers = {{value, "x"}};
    for (const Request& request : {with_bearer, with_header})
      EXPECT_THAT(
          ErrorOf(transport_.Send(request)),
          FailsWith(ErrorKind::kInvalidInput,
                    AllOf(HasSubstr(request.headers.empty() ? "'Authorization'" : "'Accept'"),
                          HasSubstr("line break"), Not(HasSubstr("hidden")))));
    EXPECT_FALSE(transport_.Send(with_name));
  }
  EXPECT_EQ(BodyOf(Ask(server.Url("/"))), "");
  EXPECT_EQ(answered, 1);
}

TEST_F(CurlTransportTest, ABodyArrives) {
  const std::string body = std::string("a\0b\xFF", 4) + std::string(300000, 'x');
  HttpServer server([&](const std::string&, const std::string&) { return HttpAnswer(200, body); });
  const auto response = transport_.Send(Ask(server.Url()));
  ASSERT_EQ(MessageOf(response), "");
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(response->body == body);
}

TEST_F(CurlTransportTest, HeaderNamesAreLoweredAndValuesTrimmed) {
  HttpServer server([&](const std::string&, const std::string&) {
    return HttpAnswer(206, "x", "Content-RANGE:  bytes 0-0/1 \r\nETag: \"Ab:c\"\r\n");
  });
  const auto response = transport_.Send(Ask(server.Url()));
  ASSERT_EQ(MessageOf(response), "");
  EXPECT_EQ(response->Header("content-range"), "bytes 0-0/1");
  EXPECT_EQ(response->Header("etag"), "\"Ab:c\"");
}

TEST_F(CurlTransportTest, HeadersOfAnInterimAnswerAreNotTheAnswers) {
  HttpServer server([&](const std::string&, const std::string&) {
    return "HTTP/1.1 103 Early\r\nETag: \"early\"\r\n\r\n" + HttpAnswer(200, "x");
  });
  const auto response = transport_.Send(Ask(server.Url()));
  ASSERT_EQ(MessageOf(response), "");
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->Header("etag"), "");
}

TEST_F(CurlTransportTest, AnErrorStatusIsAnAnswer) {
  HttpServer server([](const std::string&, const std::string&) { return HttpAnswer(503, "busy"); });
  const auto response = transport_.Send(Ask(server.Url()));
  ASSERT_EQ(MessageOf(response), "");
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body, "busy");
}

TEST_F(CurlTransportTest, SendsMethodPathQueryAndHeaders) {
  HttpServer server(Echo);
  Request request = Ask(server.Url("/v1/a%20b?page%5Bsize%5D=3"));
  request.method = "DELETE";
  request.headers = {{"Accept", "application/vnd.api+json"}};
  EXPECT_THAT(BodyOf(request), AllOf(HasSubstr("DELETE /v1/a%20b?page%5Bsize%5D=3 HTTP/1.1\r\n"),
                                     HasSubstr("\r\nAccept: application/vnd.api+json\r\n")));
}

TEST_F(CurlTransportTest, SendsTheBearerAsAuthorization) {
  HttpServer server(Echo);
  Request request = Ask(server.Url());
  request.bearer = Secret("tok.en");
  EXPECT_THAT(BodyOf(request), HasSubstr("\r\nAuthorization: Bearer tok.en\r\n"));
}

TEST_F(CurlTransportTest, KeepsNothingOfTheRequestBefore) {
  HttpServer server(Echo);
  Request first = Ask(server.Url());
  first.method = "POST";
  first.bearer = Secret("tok.en");
  first.range = ByteRange{1, 2};
  first.headers = {{"X-First", "1"}};
  first.body = "the body";
  static_cast<void>(BodyOf(first));
  EXPECT_THAT(BodyOf(Ask(server.Url("/second"))),
              AllOf(HasSubstr("GET /second"), Not(HasSubstr("Authorization")),
                    Not(HasSubstr("Range")), Not(HasSubstr("X-First")), Not(HasSubstr("body"))));
}

TEST_F(CurlTransportTest, SendsTheRangeWithItsLastByteAndWithoutCoding) {
  HttpServer server(Echo);
  Request request = Ask(server.Url());
  request.range = ByteRange{100, 50};
  EXPECT_THAT(BodyOf(request), AllOf(HasSubstr("\r\nRange: bytes=100-149\r\n"),
                                     HasSubstr("\r\nAccept-Encoding: identity\r\n")));
  EXPECT_THAT(BodyOf(Ask(server.Url())),
              AllOf(Not(HasSubstr("Range:")), HasSubstr("Accept-Encoding: ")));
}

TEST_F(CurlTransportTest, SendsTheBodyOfPostAndPatch) {
  HttpServer server(Echo);
  for (const char* method : {"POST", "PATCH"}) {
    Request request = Ask(server.Url());
    request.method = method;
    request.headers = {{"Content-Type", "x/y"}};
    request.body = "a=1&b=\n2";
    EXPECT_THAT(BodyOf(request),
                AllOf(HasSubstr(std::string(method) + " / HTTP/1.1"), HasSubstr("a=1&b=\n2"),
                      HasSubstr("Content-Type: x/y"), Not(HasSubstr("Expect"))));
  }
}

TEST_F(CurlTransportTest, DoesNotFollowRedirects) {
  HttpServer server([](const std::string&, const std::string&) {
    return HttpAnswer(302, "", "Location: /elsewhere\r\n");
  });
  const auto response = transport_.Send(Ask(server.Url()));
  ASSERT_EQ(MessageOf(response), "");
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->Header("location"), "/elsewhere");
}

TEST_F(CurlTransportTest, ARefusedConnectionIsUnreachable) {
  const std::string url = "http://127.0.0.1:" + std::to_string(ClosedPort()) + "/";
  EXPECT_THAT(ErrorOf(transport_.Send(Ask(url))),
              FailsWith(ErrorKind::kUnreachable, HasSubstr("cannot connect to http://127.0.0.1:")));
}

TEST_F(CurlTransportTest, AConnectionCutInTheMiddleIsInterrupted) {
  HttpServer server([](const std::string&, const std::string&) {
    return std::string(HttpServer::kCut) + "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
  });
  EXPECT_THAT(ErrorOf(transport_.Send(Ask(server.Url()))),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("broke off")));
}

TEST_F(CurlTransportTest, AConnectionCutBeforeTheAnswerIsInterrupted) {
  HttpServer server(
      [](const std::string&, const std::string&) { return std::string(HttpServer::kCut); });
  EXPECT_EQ(ErrorOf(transport_.Send(Ask(server.Url()))).kind, ErrorKind::kInterrupted);
}

TEST_F(CurlTransportTest, ABodyLongerThanAllowedIsAnError) {
  HttpServer server(
      [](const std::string&, const std::string&) { return HttpAnswer(200, "12345678"); });
  Request request = Ask(server.Url());
  request.max_body = 7;
  EXPECT_THAT(ErrorOf(transport_.Send(request)),
              FailsWith(ErrorKind::kTooLong, HasSubstr("longer than the 7 bytes")));
  request.max_body = 8;
  EXPECT_EQ(BodyOf(request), "12345678");
}

TEST_F(CurlTransportTest, ErrorsNameNeitherTokenNorPath) {
  HttpServer server(
      [](const std::string&, const std::string&) { return std::string(HttpServer::kCut); });
  Request request = Ask(server.Url("/secret-path?code=sesame"));
  request.bearer = Secret("tok.en");
  EXPECT_THAT(ErrorOf(transport_.Send(request)).message,
              AllOf(Not(HasSubstr("tok.en")), Not(HasSubstr("sesame"))));
}

TEST_F(CurlTransportTest, TheSecondRequestReusesTheConnection) {
  HttpServer server(Echo);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(BodyOf(Ask(server.Url())), HasSubstr("GET / "));
  EXPECT_EQ(server.connections(), 1U);
}

// libcurl repeats a request on its own when a connection that was used before ends without an
// answer.
TEST_F(CurlTransportTest, WhatMayNotBeRepeatedArrivesOnce) {
  std::atomic<int> posts{0};
  HttpServer server([&posts](const std::string& head, const std::string&) {
    if (head.find("POST") == 0 && ++posts > 0) return std::string(HttpServer::kCut);
    return HttpAnswer(200, "");
  });
  ASSERT_EQ(BodyOf(Ask(server.Url())), "");
  Request request = Ask(server.Url());
  request.method = "POST";
  request.body = "grant_type=refresh_token";
  request.repeats_in_doubt = 0;
  EXPECT_EQ(ErrorOf(transport_.Send(request)).kind, ErrorKind::kInterrupted);
  EXPECT_EQ(posts, 1);
}

TEST_F(CurlTransportTest, OpensNoMoreConnectionsThanAllowed) {
  ConnectionSettings settings;
  settings.max_connections = 2;
  CurlTransport narrow(settings);
  HttpServer server(Echo);
  std::vector<std::unique_ptr<Exchange>> exchanges;
  for (int i = 0; i < 12; ++i) exchanges.push_back(narrow.Start(Ask(server.Url())));
  for (auto& exchange : exchanges) EXPECT_EQ(MessageOf(exchange->Wait()), "");
  EXPECT_LE(server.connections(), 2U);
}

TEST_F(CurlTransportTest, RequestsAreOnTheirWayBeforeAnybodyWaits) {
  // Each of two requests is answered only when both have arrived.
  std::mutex mutex;
  std::condition_variable arrived;
  int count = 0;
  HttpServer server([&](const std::string&, const std::string&) {
    std::unique_lock<std::mutex> lock(mutex);
    ++count;
    arrived.notify_all();
    const bool both = arrived.wait_for(lock, std::chrono::seconds(10), [&] { return count == 2; });
    return HttpAnswer(200, both ? "both" : "alone");
  });
  const auto first = transport_.Start(Ask(server.Url("/1")));
  const auto second = transport_.Start(Ask(server.Url("/2")));
  EXPECT_EQ(first->Wait()->body, "both");
  EXPECT_EQ(second->Wait()->body, "both");
}

TEST_F(CurlTransportTest, DestroyingTheExchangeCancelsTheTransfer) {
  HttpServer server([](const std::string&, const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nthe beginning");
  });
  transport_.Start(Ask(server.Url())).reset();
  // The transport goes on with other requests.
  HttpServer other(Echo);
  EXPECT_THAT(BodyOf(Ask(other.Url())), HasSubstr("GET /"));
  // Cancelled before its connection was made there is nothing to close; else it is closed.
  EXPECT_TRUE(server.connections() == 0 || server.AwaitClosedConnection());
}

TEST_F(CurlTransportTest, CancellingInTheMiddleOfABodyClosesTheConnection) {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  HttpServer server([&](const std::string&, const std::string&) {
    const std::lock_guard<std::mutex> lock(mutex);
    asked = true;
    changed.notify_all();
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nthe beginning");
  });
  auto exchange = transport_.Start(Ask(server.Url()));
  {
    std::unique_lock<std::mutex> lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return asked; }));
  }
  exchange.reset();
  EXPECT_TRUE(server.AwaitClosedConnection());
}

TEST_F(CurlTransportTest, TwentyThreadsAtOnceGetTheirOwnAnswers) {
  HttpServer server([](const std::string& head, const std::string&) {
    return HttpAnswer(200, head.substr(0, head.find(" HTTP")));
  });
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int thread = 0; thread < 20; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(i);
        if (BodyOf(Ask(server.Url(path))) == "GET " + path) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
}

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
