// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/unit/http/curl_transport_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class ConnectingAhead : public CurlTransportTest {
 protected:
  std::unique_ptr<Exchange> Connect(const std::string& url) {
    Request request = Ask(url);
    request.only_connect = true;
    return transport_.Start(std::move(request));
  }

  std::atomic<int> requests_{0};
  HttpServer server_{[this](const std::string&, const std::string&) {
    ++requests_;
    return HttpAnswer(200, "here");
  }};
};

TEST_F(ConnectingAhead, SendsNothingAndServesTheNextRequest) {
  const auto connecting = Connect(server_.Url());
  EXPECT_EQ(MessageOf(connecting->Wait()), "");
  EXPECT_TRUE(server_.AwaitConnections(1));
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(requests_, 0);
  EXPECT_EQ(BodyOf(Ask(server_.Url("/x"))), "here");
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(requests_, 1);
}

TEST_F(ConnectingAhead, ServesWhoAsksWhenItIsForgottenAsWell) {
  EXPECT_EQ(MessageOf(Connect(server_.Url())->Wait()), "");
  EXPECT_EQ(BodyOf(Ask(server_.Url("/x"))), "here");
  EXPECT_EQ(BodyOf(Ask(server_.Url("/y"))), "here");
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(ConnectingAhead, TakesAConnectionThatIsThere) {
  EXPECT_EQ(BodyOf(Ask(server_.Url("/x"))), "here");
  EXPECT_EQ(MessageOf(Connect(server_.Url())->Wait()), "");
  EXPECT_EQ(BodyOf(Ask(server_.Url("/y"))), "here");
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(requests_, 2);
}

TEST_F(ConnectingAhead, LeavesNothingOfItselfToTheNextRequest) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(MessageOf(Connect(server_.Url())->Wait()), "");
    EXPECT_EQ(BodyOf(Ask(server_.Url("/x"))), "here");
  }
  EXPECT_EQ(requests_, 3);
}

TEST_F(ConnectingAhead, ToNobodyIsAFailureOfItsOwn) {
  const std::string nobody = "http://127.0.0.1:" + std::to_string(ClosedPort()) + "/";
  EXPECT_FALSE(Connect(nobody)->Wait());
  EXPECT_EQ(BodyOf(Ask(server_.Url("/x"))), "here");
}

}  // namespace
}  // namespace s2c
