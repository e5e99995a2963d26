// SPDX-License-Identifier: MIT
// How curl_transport.h hands out the answer to a range while it arrives.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "client/http/curl_transport.h"
#include "client/http/retry.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/system.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::BodyOf;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::FixedRandom;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;
using testing_support::SetVariable;

class CurlArrival : public testing::Test {
 protected:
  static void SetUpTestSuite() { SetVariable("no_proxy", "*"); }

  Request Ask(const HttpServer& server) const {
    Request request;
    request.url = MakeUrl(server.Url());
    request.range = ByteRange{0, content_.size()};
    return request;
  }

  // The answer with this status and a pause after so many bytes of its body.
  std::string PausedAnswer(int status, std::size_t bytes) const {
    std::string answer = HttpAnswer(status, content_, "ETag: \"v1\"\r\n");
    return answer.insert(answer.size() - content_.size() + bytes, HttpServer::kPause);
  }
  HttpServer::Handler Paused(int status, std::size_t bytes) const {
    return [=](const std::string&, const std::string&) { return PausedAnswer(status, bytes); };
  }

  const std::string content_ = Pattern(300000);
  CurlTransport transport_{ConnectionSettings()};
};

TEST_F(CurlArrival, AWaitReturnsBeforeTheRestIsSent) {
  HttpServer server(Paused(206, 100000));
  const auto exchange = transport_.Start(Ask(server));
  const auto begun = exchange->WaitFor(100000);
  ASSERT_EQ(MessageOf(begun), "");
  EXPECT_FALSE(begun->complete);
  EXPECT_EQ(begun->status, 206);
  EXPECT_EQ(begun->Header("etag"), "\"v1\"");
  EXPECT_TRUE(BodyOf(*begun) == content_.substr(0, 100000));
  const auto again = exchange->WaitFor(1);
  ASSERT_EQ(MessageOf(again), "");
  EXPECT_EQ(again->part, begun->part);
  server.GoOn();
  const auto all = exchange->Wait();
  ASSERT_EQ(MessageOf(all), "");
  EXPECT_TRUE(all->complete);
  EXPECT_EQ(all->part, begun->part) << "the same bytes, and more of them";
  EXPECT_TRUE(BodyOf(*all) == content_);
}

TEST_F(CurlArrival, AWaitForMoreBytesReturnsOnceTheyAreThere) {
  HttpServer server(Paused(206, 100000));
  const auto exchange = transport_.Start(Ask(server));
  ASSERT_EQ(MessageOf(exchange->WaitFor(10)), "");
  std::atomic<bool> has_returned{false};
  std::size_t size = 0;
  std::thread waiter([&] {
    const auto more = exchange->WaitFor(100001);
    has_returned = true;
    if (more) size = more->part->size();
  });
  EXPECT_FALSE(has_returned);
  server.GoOn();
  waiter.join();
  EXPECT_GE(size, 100001U);
}

TEST_F(CurlArrival, AWaitForAllReturnsACompleteAnswer) {
  HttpServer server(
      [&](const std::string&, const std::string&) { return HttpAnswer(206, content_); });
  for (const std::size_t bytes : {std::size_t{1}, content_.size()}) {
    const auto exchange = transport_.Start(Ask(server));
    auto answer = exchange->WaitFor(bytes);
    for (int i = 0; i < 100 && answer && !answer->complete; ++i) answer = exchange->Wait();
    ASSERT_EQ(MessageOf(answer), "");
    EXPECT_TRUE(answer->complete);
    EXPECT_TRUE(BodyOf(*answer) == content_);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(CurlArrival, OtherAnswersAreWaitedForToTheirEnd) {
  for (const int status : {200, 404}) {
    HttpServer server(Paused(status, 100000));
    const auto exchange = transport_.Start(Ask(server));
    std::atomic<bool> has_returned{false};
    std::thread waiter([&] {
      const auto answer = exchange->WaitFor(10);
      has_returned = true;
      EXPECT_TRUE(answer && answer->complete && answer->status == status);
      EXPECT_TRUE(answer && BodyOf(*answer) == content_);
    });
    EXPECT_FALSE(has_returned);
    server.GoOn();
    waiter.join();
  }
}

TEST_F(CurlArrival, AnAnswerThatBreaksOffLaterIsInterrupted) {
  const std::string answer = PausedAnswer(206, 100000);
  HttpServer server([&](const std::string&, const std::string&) {
    return HttpServer::kCut + answer.substr(0, answer.size() - 50000);
  });
  const auto exchange = transport_.Start(Ask(server));
  const auto begun = exchange->WaitFor(100000);
  ASSERT_EQ(MessageOf(begun), "");
  server.GoOn();
  EXPECT_THAT(ErrorOf(exchange->Wait()),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("broke off")));
  EXPECT_TRUE(BodyOf(*begun).substr(0, 100000) == content_.substr(0, 100000))
      << "what was handed out stays";
}

TEST_F(CurlArrival, WhatBreaksOffIsRepeatedByTheOneWhoWaits) {
  const std::string broken = PausedAnswer(206, 100000);
  std::atomic<int> asked{0};
  HttpServer server([&](const std::string&, const std::string&) {
    if (asked++ > 0) return HttpAnswer(206, content_);
    return HttpServer::kCut + broken.substr(0, broken.size() - 50000);
  });
  FakeClock clock;
  FixedRandom random(1);
  RetryingTransport retrying(transport_, {}, clock, random, std::make_shared<DeadServers>(clock));
  const auto exchange = retrying.Start(Ask(server));
  const auto begun = exchange->WaitFor(100000);
  ASSERT_EQ(MessageOf(begun), "");
  server.GoOn();
  const auto all = exchange->Wait();
  ASSERT_EQ(MessageOf(all), "");
  EXPECT_TRUE(BodyOf(*all) == content_);
  EXPECT_NE(all->part, begun->part);
  EXPECT_EQ(asked, 2);
}

TEST_F(CurlArrival, MoreBytesThanTheRangeAreAnErrorWhenTheyCome) {
  HttpServer server(Paused(206, 100000));
  Request request = Ask(server);
  request.range = ByteRange{0, 200000};
  const auto exchange = transport_.Start(request);
  ASSERT_EQ(MessageOf(exchange->WaitFor(100000)), "");
  server.GoOn();
  EXPECT_THAT(ErrorOf(exchange->Wait()),
              FailsWith(ErrorKind::kProtocol,
                        AllOf(HasSubstr("cannot be taken"), HasSubstr("the 200000 bytes"))));
}

TEST_F(CurlArrival, AWholeFileLongerThanAllowedIsAnError) {
  HttpServer server(
      [&](const std::string&, const std::string&) { return HttpAnswer(200, content_); });
  Request request = Ask(server);
  request.max_body = content_.size() - 1;
  EXPECT_THAT(ErrorOf(transport_.Send(request)),
              FailsWith(ErrorKind::kProtocol, HasSubstr("longer than the 299999 bytes")));
  request.max_body = content_.size();
  const auto answer = transport_.Send(request);
  ASSERT_EQ(MessageOf(answer), "");
  ASSERT_TRUE(answer->whole);
  EXPECT_TRUE(BodyOf(*answer) == content_);
}

TEST_F(CurlArrival, DestroyingTheExchangeAfterAPartCancelsTheRest) {
  const std::string answer = HttpAnswer(206, content_);
  HttpServer server([&](const std::string&, const std::string&) {
    return answer.substr(0, answer.size() - 100000);
  });
  auto exchange = transport_.Start(Ask(server));
  const auto begun = exchange->WaitFor(1000);
  ASSERT_EQ(MessageOf(begun), "");
  exchange.reset();
  EXPECT_TRUE(server.AwaitClosedConnection());
  EXPECT_TRUE(BodyOf(*begun).substr(0, 1000) == content_.substr(0, 1000)) << "what arrived stays";
}

TEST_F(CurlArrival, BytesAreReadWhileMoreOfThemArrive) {
  std::string answer = HttpAnswer(206, content_);
  for (std::size_t at = content_.size(); at > 20000; at -= 20000)
    answer.insert(answer.size() - at, HttpServer::kPause);
  HttpServer server([&](const std::string&, const std::string&) { return answer; });
  const auto exchange = transport_.Start(Ask(server));
  std::size_t seen = 0;
  for (bool complete = false; !complete;) {
    server.GoOn();
    const auto more = exchange->WaitFor(seen + 1);
    ASSERT_EQ(MessageOf(more), "");
    complete = more->complete;
    const std::string bytes = BodyOf(*more);
    ASSERT_TRUE(bytes == content_.substr(0, bytes.size()));
    ASSERT_TRUE(complete || bytes.size() > seen);
    seen = bytes.size();
  }
  EXPECT_EQ(seen, content_.size());
}

TEST_F(CurlArrival, ManyAnswersArriveAtOnce) {
  HttpServer server(
      [&](const std::string&, const std::string&) { return HttpAnswer(206, content_); });
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        const auto exchange = transport_.Start(Ask(server));
        auto answer = exchange->WaitFor(1);
        for (std::size_t bytes = 50000; answer && !answer->complete; bytes += 50000)
          answer = exchange->WaitFor(bytes);
        right += answer && BodyOf(*answer) == content_;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 40);
}

}  // namespace
}  // namespace s2c
