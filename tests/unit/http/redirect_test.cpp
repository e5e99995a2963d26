// SPDX-License-Identifier: MIT
#include "client/http/redirect.h"

#include <gtest/gtest.h>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::Answer;
using testing_support::BodyOf;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;

Request Ask(const std::string& url, const std::string& method = "GET") {
  Request request;
  request.method = method;
  request.url = MakeUrl(url);
  return request;
}

Response To(const std::string& location, int status = 302) {
  return Answer(status, "moved", {{"location", location}});
}

class Redirect : public testing::Test {
 protected:
  FakeTransport inner_;
  RedirectingTransport transport_{
      inner_, [](const Url& url) { return url.host() == "trusted.example" && url.port() == 8443; }};
};

TEST_F(Redirect, HandsOtherAnswersOn) {
  for (const int status : {200, 206, 300, 304, 305, 400, 404, 500}) {
    inner_.Then(Answer(status, "", {{"location", "/y"}}));
    EXPECT_EQ(transport_.Send(Ask("https://a.example/x"))->status, status);
  }
  EXPECT_EQ(inner_.count(), 8U);
}

TEST_F(Redirect, IsFollowedForEveryRedirectingStatus) {
  for (const int status : {301, 302, 303, 307, 308}) {
    inner_.Then(To("/y", status)).Then(Answer(200, "here"));
    EXPECT_EQ(transport_.Send(Ask("https://a.example/x"))->body, "here") << status;
    EXPECT_EQ(inner_.last().url.ToString(), "https://a.example/y");
  }
}

TEST_F(Redirect, KeepsHeadersAndRange) {
  inner_.Then(To("/y")).Then(Answer(206));
  Request request = Ask("https://a.example/x");
  request.range = ByteRange{7, 8};
  request.headers = {{"Accept", "x/y"}};
  request.max_body = 99;
  ASSERT_TRUE(transport_.Send(request));
  EXPECT_EQ(inner_.last().range, (ByteRange{7, 8}));
  EXPECT_EQ(inner_.last().headers, request.headers);
  EXPECT_EQ(inner_.last().max_body, 99U);
}

TEST_F(Redirect, OnTheSameHostMayStillAuthorize) {
  inner_.Then(To("https://A.example/y")).Then(To("z")).Then(Answer(200));
  ASSERT_TRUE(transport_.Send(Ask("https://a.example/x")));
  EXPECT_TRUE(inner_.last().may_authorize);
}

TEST_F(Redirect, ToAnotherHostClearsMayAuthorize) {
  for (const char* target : {"https://b.example/y", "//b.example/y", "https://sub.a.example/y",
                             "https://a.example.evil.example/y", "https://trusted.example/y"}) {
    inner_.Then(To(target)).Then(Answer(200));
    ASSERT_TRUE(transport_.Send(Ask("https://a.example/x")));
    EXPECT_FALSE(inner_.last().may_authorize) << target;
  }
}

// CVE-2022-27774: another port, or scheme, may be another service.
TEST_F(Redirect, ToAnotherPortOrSchemeClearsMayAuthorize) {
  const std::pair<const char*, const char*> ways[] = {
      {"https://a.example/x", "https://a.example:8443/y"},
      {"https://a.example:8443/x", "https://a.example/y"},
      {"https://a.example:8443/x", "//a.example/y"},
      {"http://a.example/x", "https://a.example/y"},
      {"http://a.example:443/x", "https://a.example/y"},
      {"http://127.0.0.1:8001/x", "http://127.0.0.1:8002/y"}};
  for (const auto& [from, to] : ways) {
    inner_.Then(To(to)).Then(Answer(200));
    ASSERT_TRUE(transport_.Send(Ask(from)));
    EXPECT_FALSE(inner_.last().may_authorize) << from << " " << to;
  }
}

TEST_F(Redirect, ToATrustedPlaceAndBackMayStillAuthorize) {
  inner_.Then(To("https://trusted.example:8443/y")).Then(To("https://a.example/z"));
  inner_.Then(Answer(200));
  ASSERT_TRUE(transport_.Send(Ask("https://a.example/x")));
  for (const Request& request : inner_.requests()) EXPECT_TRUE(request.may_authorize);
  EXPECT_EQ(inner_.count(), 3U);
}

TEST_F(Redirect, ToATrustedPlaceGivesNothingBack) {
  inner_.Then(To("https://b.example/y")).Then(To("https://trusted.example:8443/z"));
  inner_.Then(Answer(200));
  ASSERT_TRUE(transport_.Send(Ask("https://a.example/x")));
  EXPECT_FALSE(inner_.last().may_authorize);
}

TEST_F(Redirect, BackToTheFirstHostStaysWithoutTheToken) {
  inner_.Then(To("https://b.example/y")).Then(To("https://a.example/z")).Then(Answer(200));
  ASSERT_TRUE(transport_.Send(Ask("https://a.example/x")));
  EXPECT_EQ(inner_.last().url.ToString(), "https://a.example/z");
  EXPECT_FALSE(inner_.last().may_authorize);
}

TEST_F(Redirect, NeverGivesBackAPermissionThatTheCallerWithheld) {
  inner_.Then(To("/y")).Then(Answer(200));
  Request request = Ask("https://a.example/x");
  request.may_authorize = false;
  ASSERT_TRUE(transport_.Send(request));
  EXPECT_FALSE(inner_.last().may_authorize);
}

TEST_F(Redirect, FromHttpsToHttpIsRefused) {
  for (const char* target : {"http://a.example/y", "http://b.example/y", "http://127.0.0.1/y"}) {
    const std::size_t before = inner_.count();
    inner_.Then(To(target));
    EXPECT_THAT(ErrorOf(transport_.Send(Ask("https://a.example/x"))),
                FailsWith(ErrorKind::kProtocol, HasSubstr("from https to http")));
    EXPECT_EQ(inner_.count(), before + 1);
  }
}

TEST_F(Redirect, FromHttpToHttpsIsFollowed) {
  inner_.Then(To("https://a.example/y")).Then(Answer(200));
  EXPECT_TRUE(transport_.Send(Ask("http://a.example/x")));
  EXPECT_EQ(inner_.last().url.ToString(), "https://a.example/y");
}

TEST_F(Redirect, FiveAreFollowed) {
  for (int i = 0; i < 5; ++i) inner_.Then(To("/y" + std::to_string(i)));
  inner_.Then(Answer(200));
  EXPECT_EQ(transport_.Send(Ask("https://a.example/x"))->status, 200);
}

TEST_F(Redirect, LoopsEnd) {
  inner_.AnswerBy([](const Request&) { return To("/x"); });
  EXPECT_THAT(ErrorOf(transport_.Send(Ask("https://a.example/x"))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("circles")));
  EXPECT_EQ(inner_.count(), 6U);
}

TEST_F(Redirect, OfOtherMethodsIsNotFollowed) {
  for (const char* method : {"POST", "PATCH", "DELETE"}) {
    inner_.Then(To("/y", 307));
    EXPECT_EQ(transport_.Send(Ask("https://a.example/x", method))->status, 307);
  }
  EXPECT_EQ(inner_.count(), 3U);
}

TEST_F(Redirect, WithoutALocationIsTheAnswer) {
  inner_.Then(Answer(302, "moved")).Then(To(""));
  EXPECT_EQ(transport_.Send(Ask("https://a.example/x"))->status, 302);
  EXPECT_EQ(transport_.Send(Ask("https://a.example/x"))->status, 302);
}

TEST_F(Redirect, ToNoUsableUrlIsAnError) {
  for (const char* target : {"ftp://a.example/", "https://u:p@a.example/", "/x\\y", "//"}) {
    inner_.Then(To(target));
    EXPECT_FALSE(transport_.Send(Ask("https://a.example/x"))) << target;
  }
  EXPECT_EQ(inner_.count(), 4U);
}

TEST_F(Redirect, ErrorsOfAHopAreHandedOn) {
  inner_.Then(To("/y")).Then(Fail(ErrorKind::kInterrupted, "broke off"));
  EXPECT_THAT(ErrorOf(transport_.Send(Ask("https://a.example/x"))),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("broke off")));
}

TEST_F(Redirect, HandsOnAnAnswerWhileItArrives) {
  inner_.Then(To("/y")).Then(Answer(206, "1234567890"));
  Request request = Ask("https://a.example/x");
  request.range = ByteRange{0, 10};
  // The redirect itself must arrive, and of the answer behind it the beginning.
  const auto exchange = transport_.Start(request);
  inner_.LetThrough(5);
  const auto begun = exchange->WaitFor(5);
  ASSERT_EQ(MessageOf(begun), "");
  EXPECT_FALSE(begun->complete);
  EXPECT_EQ(BodyOf(*begun), "12345");
  inner_.Release();
  const auto all = exchange->Wait();
  ASSERT_EQ(MessageOf(all), "");
  EXPECT_TRUE(all->complete);
  EXPECT_EQ(BodyOf(*all), "1234567890");
  EXPECT_EQ(inner_.count(), 2U);
}

TEST_F(Redirect, IsNotFollowedWhenNobodyWaits) {
  inner_.Then(To("/y"));
  transport_.Start(Ask("https://a.example/x")).reset();
  EXPECT_EQ(inner_.count(), 1U);
}

}  // namespace
}  // namespace s2c
