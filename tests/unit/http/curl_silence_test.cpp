// SPDX-License-Identifier: MIT
// What curl_transport.h makes of servers that say nothing.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "client/http/curl_transport.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/socket.h"
#include "tests/unit/support/system.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::BeginToConnect;
using testing_support::BindToLoopback;
using testing_support::Close;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::Listen;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::SetVariable;

// A host that never answers: whoever connects waits in a queue that is full already.
class DeafHost {
 public:
  DeafHost() {
    sockets_.push_back(BindToLoopback(&port_));
    Listen(sockets_[0], 0);
    for (int i = 0; i < 4; ++i) sockets_.push_back(BeginToConnect(port_));
  }
  ~DeafHost() {
    for (const int socket : sockets_) Close(socket);
  }
  DeafHost(const DeafHost&) = delete;
  DeafHost& operator=(const DeafHost&) = delete;

  std::string Url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  std::vector<int> sockets_;
  int port_ = 0;
};

Request Ask(const std::string& url) {
  Request request;
  request.url = MakeUrl(url);
  return request;
}

class CurlSilence : public testing::Test {
 protected:
  static void SetUpTestSuite() { SetVariable("no_proxy", "*"); }
};

TEST_F(CurlSilence, AHostThatNeverAnswersIsSilentAndNotBrokenOff) {
  const DeafHost host;
  ConnectionSettings settings;
  settings.connect_timeout = 0.2;
  CurlTransport transport(settings);
  for (const char* scheme : {"http", "https"})
    EXPECT_THAT(ErrorOf(transport.Send(Ask(host.Url(scheme)))),
                FailsWith(ErrorKind::kSilent,
                          HasSubstr("cannot connect to " + std::string(scheme) + "://127.0.0.1:")));
}

TEST_F(CurlSilence, AnAnswerThatNeverComesIsSilence) {
  HttpServer server([](const std::string&, const std::string&) { return std::string(); });
  ConnectionSettings settings;
  settings.timeout = 0.05;
  CurlTransport hasty(settings);
  EXPECT_THAT(ErrorOf(hasty.Send(Ask(server.Url()))),
              FailsWith(ErrorKind::kSilent, HasSubstr("does not answer")));
}

TEST_F(CurlSilence, ASecondWithoutAByteIsEnoughWhereThatIsAsked) {
  HttpServer server([](const std::string&, const std::string&) { return std::string(); });
  ConnectionSettings settings;
  settings.low_speed_time = 1;
  CurlTransport hasty(settings);
  EXPECT_THAT(ErrorOf(hasty.Send(Ask(server.Url()))),
              FailsWith(ErrorKind::kSilent, HasSubstr("S2C_TIMEOUT")));
}

TEST_F(CurlSilence, AnAnswerThatStopsInTheMiddleHasBrokenOff) {
  HttpServer server([](const std::string&, const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  ConnectionSettings settings;
  settings.timeout = 0.2;
  CurlTransport hasty(settings);
  EXPECT_EQ(ErrorOf(hasty.Send(Ask(server.Url()))).kind, ErrorKind::kInterrupted);
}

// Of a file's block that would be hours: nobody tells that from silence.
TEST_F(CurlSilence, AnAnswerOfAFewBytesASecondHasBrokenOff) {
  std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n";
  for (int i = 0; i < 40; ++i) answer += std::string("x") + HttpServer::kPause;
  HttpServer server([&](const std::string&, const std::string&) { return answer; });
  ConnectionSettings settings;
  settings.low_speed_time = 2;
  CurlTransport transport(settings);
  const auto exchange = transport.Start(Ask(server.Url()));
  std::atomic<bool> ended{false};
  std::thread dripping([&] {
    for (int i = 0; i < 40 && !ended; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
      server.GoOn();
    }
  });
  const auto result = exchange->Wait();
  ended = true;
  dripping.join();
  EXPECT_THAT(ErrorOf(result), FailsWith(ErrorKind::kInterrupted, HasSubstr("broke off")));
}

// One after the other they would take a minute; over https they wait for one connection to share.
TEST_F(CurlSilence, ThoseWhoQueueForADeadServerAreLetGoWithTheFirst) {
  const DeafHost host;
  ConnectionSettings settings;
  settings.connect_timeout = 1;
  settings.max_connections = 1;
  for (const char* scheme : {"http", "https"}) {
    CurlTransport transport(settings);
    std::vector<std::unique_ptr<Exchange>> exchanges;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 60; ++i) exchanges.push_back(transport.Start(Ask(host.Url(scheme))));
    for (auto& exchange : exchanges)
      EXPECT_THAT(ErrorOf(exchange->Wait()).message, HasSubstr("cannot connect"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << scheme;
  }
}

TEST_F(CurlSilence, ADeadServerTakesNothingFromAnother) {
  const DeafHost host;
  std::mutex mutex;
  std::condition_variable changed;
  bool go_on = false;
  HttpServer server([&](const std::string&, const std::string&) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return go_on; });
    return HttpAnswer(200, "here");
  });
  ConnectionSettings settings;
  settings.connect_timeout = 0.2;
  settings.max_connections = 1;
  CurlTransport transport(settings);
  const auto sent = transport.Start(Ask(server.Url("/1")));
  const auto queued = transport.Start(Ask(server.Url("/2")));
  EXPECT_EQ(ErrorOf(transport.Send(Ask(host.Url()))).kind, ErrorKind::kSilent);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    go_on = true;
    changed.notify_all();
  }
  EXPECT_EQ(MessageOf(sent->Wait()), "");
  EXPECT_EQ(MessageOf(queued->Wait()), "");
}

TEST_F(CurlSilence, ConnectionsAreKeptHoweverFewRequestsAreUnderWay) {
  constexpr std::size_t kMost = 8;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t arrived = 0;
  // Eight at a time, each on a connection of its own.
  HttpServer server([&](const std::string&, const std::string&) {
    std::unique_lock<std::mutex> lock(mutex);
    const std::size_t all = (++arrived + kMost - 1) / kMost * kMost;
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(10), [&] { return arrived >= all; });
    return HttpAnswer(200, "x");
  });
  ConnectionSettings settings;
  settings.max_connections = static_cast<int>(kMost);
  CurlTransport transport(settings);
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<Exchange>> exchanges;
    for (std::size_t i = 0; i < kMost; ++i) exchanges.push_back(transport.Start(Ask(server.Url())));
    for (auto& exchange : exchanges) EXPECT_EQ(MessageOf(exchange->Wait()), "");
  }
  EXPECT_EQ(server.connections(), kMost);
}

}  // namespace
}  // namespace s2c
