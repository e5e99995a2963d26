// SPDX-License-Identifier: MIT
#include "client/auth/authorizing.h"

#include <gmock/gmock.h>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing_support::Answer;
using testing_support::BodyOf;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;

bool Covers(const std::string& api, const std::string& url,
            std::vector<std::string> trusted_hosts = {}) {
  return TokenScope(MakeUrl(api), std::move(trusted_hosts)).Covers(MakeUrl(url));
}

constexpr const char* kApi = "https://api.sen2cube.at/v1";

TEST(TokenScope, CoversTheApisHost) {
  EXPECT_TRUE(Covers(kApi, "https://api.sen2cube.at/v1/inference"));
  EXPECT_TRUE(Covers(kApi, "https://API.SEN2CUBE.AT/x"));
  EXPECT_TRUE(Covers("https://cube.example/api", "https://cube.example/output/x"));
}

TEST(TokenScope, CoversTheDomainBelowADroppedApi) {
  EXPECT_TRUE(Covers(kApi, "https://demo.sen2cube.at/output/x"));
  EXPECT_TRUE(Covers(kApi, "https://a.b.sen2cube.at/output/x"));
  EXPECT_TRUE(Covers(kApi, "https://sen2cube.at/output/x"));
}

TEST(TokenScope, CoversNoHostThatOnlyLooksLikeIt) {
  for (const char* host : {"evil-sen2cube.at", "evilsen2cube.at", "sen2cube.at.evil.example",
                           "api.sen2cube.at.evil.example", "sen2cube.a", "at", "evil.example",
                           "demo-sen2cube.at", "sen2cube.at.", "127.0.0.1", "localhost"})
    EXPECT_FALSE(Covers(kApi, "https://" + std::string(host) + "/x")) << host;
}

TEST(TokenScope, CoversNoSiblingWithoutALeadingApi) {
  EXPECT_FALSE(Covers("https://sen2cube.at/api", "https://demo.sen2cube.at/x"));
  EXPECT_FALSE(Covers("https://www.sen2cube.at/api", "https://demo.sen2cube.at/x"));
  EXPECT_FALSE(Covers("https://myapi.sen2cube.at/", "https://demo.sen2cube.at/x"));
}

TEST(TokenScope, NeverCoversATopLevelDomain) {
  EXPECT_TRUE(Covers("https://api.at/v1", "https://api.at/x"));
  EXPECT_FALSE(Covers("https://api.at/v1", "https://evil.at/x"));
  EXPECT_FALSE(Covers("https://api.at/v1", "https://at/x"));
}

TEST(TokenScope, CoversTrustedHosts) {
  const std::vector<std::string> trusted = {" Files.Example ", "other.example"};
  EXPECT_TRUE(Covers(kApi, "https://files.example/x", trusted));
  EXPECT_TRUE(Covers(kApi, "https://other.example:8443/x", trusted));
  EXPECT_FALSE(Covers(kApi, "https://sub.files.example/x", trusted));
  EXPECT_FALSE(Covers(kApi, "https://evilfiles.example/x", trusted));
  EXPECT_FALSE(Covers(kApi, "https://evil.example/x", {""}));
}

TEST(TokenScope, CoversATrustedHostWithAPortOnThatPortAlone) {
  for (const char* trusted :
       {"files.example:8443", "https://files.example:8443/x", "FILES.example:8443"}) {
    EXPECT_TRUE(Covers(kApi, "https://files.example:8443/x", {trusted})) << trusted;
    EXPECT_FALSE(Covers(kApi, "https://files.example/x", {trusted})) << trusted;
    EXPECT_FALSE(Covers(kApi, "https://files.example:8444/x", {trusted})) << trusted;
  }
  for (const char* trusted : {"files.example:443", "https://files.example"}) {
    EXPECT_TRUE(Covers(kApi, "https://files.example/x", {trusted})) << trusted;
    EXPECT_FALSE(Covers(kApi, "https://files.example:8443/x", {trusted})) << trusted;
  }
  EXPECT_TRUE(Covers(kApi, "http://[::1]:81/x", {"[::1]:81"}));
  EXPECT_FALSE(Covers(kApi, "http://[::1]:82/x", {"[::1]:81"}));
}

TEST(TokenScope, TrustsWhatTheUserNamesAndNothingElse) {
  const TokenScope scope(MakeUrl(kApi), {"files.example", "no host", "other.example:81"});
  EXPECT_TRUE(scope.Trusts(MakeUrl("https://files.example:8443/x")));
  EXPECT_TRUE(scope.Trusts(MakeUrl("https://other.example:81/x")));
  EXPECT_FALSE(scope.Trusts(MakeUrl("https://other.example/x")));
  EXPECT_FALSE(scope.Trusts(MakeUrl("https://api.sen2cube.at/x")));
  EXPECT_FALSE(scope.Trusts(MakeUrl("https://demo.sen2cube.at/x")));
}

TEST(TokenScope, CoversNothingInTheClear) {
  EXPECT_FALSE(Covers(kApi, "http://api.sen2cube.at/v1/inference"));
  EXPECT_FALSE(Covers(kApi, "http://demo.sen2cube.at/x"));
  EXPECT_FALSE(Covers(kApi, "http://files.example/x", {"files.example"}));
  EXPECT_FALSE(Covers("http://api.sen2cube.at/", "http://api.sen2cube.at/x"));
}

TEST(TokenScope, CoversHttpOnLoopback) {
  EXPECT_TRUE(Covers("http://127.0.0.1:8000/v1", "http://127.0.0.1:9000/output/x"));
  EXPECT_TRUE(Covers("http://api.localhost:8000/v1", "http://demo.localhost:9000/output/x"));
  EXPECT_TRUE(Covers(kApi, "http://[::1]:1/x", {"[::1]"}));
  EXPECT_FALSE(Covers("http://127.0.0.1:8000/v1", "http://127.0.0.2/x"))
      << "loopback alone is no reason";
}

// Gives out the tokens t1, t2, ... and records what was refused.
class FakeTokens final : public TokenSource {
 public:
  Result<Secret> Get() override {
    if (get_error) return tl::unexpected<Error>(*get_error);
    return Secret("t" + std::to_string(number_));
  }
  Result<Secret> Replace(const Secret& token) override {
    refused.push_back(token.Reveal());
    if (replace_error) return tl::unexpected<Error>(*replace_error);
    ++number_;
    return Get();
  }

  std::optional<Error> get_error;
  std::optional<Error> replace_error;
  std::vector<std::string> refused;

 private:
  int number_ = 1;
};

class Authorizing : public testing::Test {
 protected:
  Result<Response> Send(const std::string& url, bool may_authorize = true) {
    Request request;
    request.url = MakeUrl(url);
    request.headers = {{"Accept", "x/y"}};
    request.range = ByteRange{1, 2};
    request.may_authorize = may_authorize;
    return transport_.Send(request);
  }

  std::vector<std::string> Bearers() const {
    std::vector<std::string> bearers;
    for (const Request& request : inner_.requests()) bearers.push_back(request.bearer.Reveal());
    return bearers;
  }

  FakeTransport inner_;
  FakeTokens tokens_;
  AuthorizingTransport transport_{
      inner_, tokens_, TokenScope(MakeUrl(kApi), {"files.example"}), {{"X-Key", "sesame"}}};
};

TEST_F(Authorizing, AddsTheBearerInScope) {
  inner_.Then(Answer(200)).Then(Answer(200)).Then(Answer(200));
  ASSERT_TRUE(Send("https://api.sen2cube.at/v1/inference"));
  ASSERT_TRUE(Send("https://demo.sen2cube.at/output/x"));
  ASSERT_TRUE(Send("https://files.example/output/x"));
  EXPECT_THAT(Bearers(), ElementsAre("t1", "t1", "t1"));
}

TEST_F(Authorizing, AddsNothingOutsideTheScope) {
  for (const char* url : {"https://evil-sen2cube.at/x", "http://api.sen2cube.at/v1", "https://at/x",
                          "https://evil.example/x"}) {
    inner_.Then(Answer(200));
    ASSERT_TRUE(Send(url));
    EXPECT_TRUE(inner_.last().bearer.empty()) << url;
    EXPECT_THAT(inner_.last().headers, ElementsAre(Pair("Accept", "x/y"))) << url;
  }
}

TEST_F(Authorizing, AddsNothingBehindARedirectToAnotherHost) {
  inner_.Then(Answer(200));
  ASSERT_TRUE(Send("https://api.sen2cube.at/v1/inference", false));
  EXPECT_TRUE(inner_.last().bearer.empty());
  EXPECT_THAT(inner_.last().headers, Not(Contains(Pair("X-Key", "sesame"))));
}

TEST_F(Authorizing, AddsTheUsersHeadersInScope) {
  inner_.Then(Answer(401)).Then(Answer(200));
  ASSERT_TRUE(Send("https://api.sen2cube.at/v1"));
  for (const Request& request : inner_.requests())
    EXPECT_THAT(request.headers, ElementsAre(Pair("Accept", "x/y"), Pair("X-Key", "sesame")));
}

TEST_F(Authorizing, AsksNoTokenOutsideTheScope) {
  tokens_.get_error = Error{ErrorKind::kCredentials, "nobody is logged in", 0};
  inner_.Then(Answer(200));
  EXPECT_TRUE(Send("https://evil.example/x"));
}

TEST_F(Authorizing, SendsOnceMoreWithANewTokenAfter401) {
  inner_.Then(Answer(401, "no")).Then(Answer(200, "yes"));
  EXPECT_EQ(BodyOf(Send("https://api.sen2cube.at/v1").value()), "yes");
  EXPECT_THAT(Bearers(), ElementsAre("t1", "t2"));
  EXPECT_THAT(tokens_.refused, ElementsAre("t1"));
  EXPECT_EQ(inner_.last().range, (ByteRange{1, 2}));
  EXPECT_EQ(inner_.last().url.ToString(), "https://api.sen2cube.at/v1");
}

TEST_F(Authorizing, SendsOnceMoreOnly) {
  inner_.Then(Answer(401)).Then(Answer(401, "still"));
  const auto response = Send("https://api.sen2cube.at/v1");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 401);
  EXPECT_EQ(response->body, "still");
  EXPECT_EQ(inner_.count(), 2U);
  EXPECT_THAT(tokens_.refused, ElementsAre("t1"));
}

TEST_F(Authorizing, KeepsItsTokenAtAnyOtherStatus) {
  for (const int status : {200, 302, 400, 403, 404, 500}) {
    inner_.Then(Answer(status));
    EXPECT_EQ(Send("https://api.sen2cube.at/v1")->status, status);
  }
  EXPECT_THAT(tokens_.refused, IsEmpty());
}

TEST_F(Authorizing, A401OutsideTheScopeIsTheAnswer) {
  inner_.Then(Answer(401));
  EXPECT_EQ(Send("https://evil.example/x")->status, 401);
  EXPECT_THAT(tokens_.refused, IsEmpty());
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(Authorizing, WithoutATokenTheExchangeFailsAndNothingIsSent) {
  tokens_.get_error = Error{ErrorKind::kCredentials, "nobody is logged in", 0};
  EXPECT_THAT(ErrorOf(Send("https://api.sen2cube.at/v1")),
              FailsWith(ErrorKind::kCredentials, "nobody is logged in"));
  EXPECT_EQ(inner_.count(), 0U);
}

TEST_F(Authorizing, WithoutASecondTokenTheExchangeFails) {
  tokens_.replace_error = Error{ErrorKind::kCredentials, "cannot renew", 401};
  inner_.Then(Answer(401));
  EXPECT_THAT(ErrorOf(Send("https://api.sen2cube.at/v1")),
              FailsWith(ErrorKind::kCredentials, "cannot renew"));
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(Authorizing, HandsOnAnAnswerWhileItArrives) {
  inner_.LetThrough(5);
  inner_.Then(Answer(206, "1234567890"));
  Request request;
  request.url = MakeUrl("https://api.sen2cube.at/v1");
  request.range = ByteRange{0, 10};
  const auto exchange = transport_.Start(request);
  const auto begun = exchange->WaitFor(5);
  ASSERT_EQ(MessageOf(begun), "");
  EXPECT_FALSE(begun->complete);
  EXPECT_EQ(BodyOf(*begun), "12345");
  inner_.Release();
  const auto all = exchange->Wait();
  ASSERT_EQ(MessageOf(all), "");
  EXPECT_TRUE(all->complete);
  EXPECT_EQ(BodyOf(*all), "1234567890");
  EXPECT_EQ(inner_.count(), 1U);
}

TEST_F(Authorizing, ATokenThatEndsBetweenARepetitionAndItsAnswerIsReplaced) {
  // The retrying transport beneath has sent the request again, with the token that it has.
  class Broken final : public Exchange {
   public:
    Result<Response> WaitFor(std::size_t) override {
      Response response = Answer(count_++ == 0 ? 206 : 401);
      response.complete = response.status == 401;
      return response;
    }

   private:
    int count_ = 0;
  };
  class Beneath final : public Transport {
   public:
    std::unique_ptr<Exchange> Start(Request request) override {
      bearers.push_back(request.bearer.Reveal());
      if (bearers.size() == 1) return std::make_unique<Broken>();
      return second.Start(std::move(request));
    }
    std::vector<std::string> bearers;
    FakeTransport second;
  };
  Beneath beneath;
  beneath.second.Then(Answer(206, "yes"));
  AuthorizingTransport transport(beneath, tokens_, TokenScope(MakeUrl(kApi), {}), {});
  Request request;
  request.url = MakeUrl(kApi);
  request.range = ByteRange{0, 10};
  const auto exchange = transport.Start(request);
  ASSERT_EQ(exchange->WaitFor(1)->status, 206);
  EXPECT_EQ(BodyOf(exchange->Wait().value()), "yes");
  EXPECT_THAT(beneath.bearers, ElementsAre("t1", "t2"));
}

TEST_F(Authorizing, HandsOnErrorsOfTheConnection) {
  inner_.Then(Fail(ErrorKind::kInterrupted, "broke off"));
  EXPECT_EQ(ErrorOf(Send("https://api.sen2cube.at/v1")).kind, ErrorKind::kInterrupted);
  EXPECT_THAT(tokens_.refused, IsEmpty());
}

}  // namespace
}  // namespace s2c
