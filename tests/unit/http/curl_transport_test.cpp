// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/http/curl_transport_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::ClosedPort;
using testing_support::CurlTransportTest;
using testing_support::Echo;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::MakeUrl;
using testing_support::MessageOf;

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

TEST_F(CurlTransportTest, HeadersLongerThanAllowedAreAnError) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "X: " + std::string(1000, 'x') + "\r\n";
  HttpServer in_head(
      [&](const std::string&, const std::string&) { return HttpAnswer(200, "x", lines); });
  HttpServer in_trailers([&](const std::string&, const std::string&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + lines + "\r\n";
  });
  std::string interim;
  for (int i = 0; i < 20; ++i)
    interim += "HTTP/1.1 103 Early Hints\r\nX: " + std::string(20000, 'x') + "\r\n\r\n";
  HttpServer before(
      [&](const std::string&, const std::string&) { return interim + HttpAnswer(200, "x"); });
  for (const HttpServer* server : {&in_head, &in_trailers, &before})
    EXPECT_THAT(ErrorOf(transport_.Send(Ask(server->Url()))),
                FailsWith(ErrorKind::kTooLong, HasSubstr("headers are longer than the 262144")));
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

}  // namespace
}  // namespace s2c
