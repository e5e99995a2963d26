// SPDX-License-Identifier: MIT
// What libcurl is told of proxies.
#include "tests/unit/http/curl_transport_fixture.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::CurlTransportTest;
using testing_support::Echo;
using testing_support::HttpServer;
using testing_support::SetVariable;

class CurlProxy : public CurlTransportTest {
 protected:
  static void SetUpTestSuite() { SetVariable("no_proxy", ""); }
  static void TearDownTestSuite() { SetVariable("no_proxy", "*"); }

  // The head of the first request that a proxy gets.
  std::string Through(const std::string& auth) {
    ConnectionSettings settings;
    settings.proxy = proxy_.Url("");
    settings.proxy_user_password = Secret("u:p");
    settings.proxy_auth = auth;
    CurlTransport transport(settings);
    const auto response = transport.Send(Ask("http://a.example/x"));
    return response ? testing_support::BodyOf(*response) : response.error().message;
  }

  HttpServer proxy_{Echo};
};

TEST_F(CurlProxy, GetsTheWholeAddress) {
  EXPECT_THAT(Through(""), StartsWith("GET http://a.example/x HTTP/1.1"));
}

TEST_F(CurlProxy, GetsThePasswordAtOnceWhereBasicIsAllThatItMayAskFor) {
  for (const char* auth : {"BASIC", "basic"})
    EXPECT_THAT(Through(auth), HasSubstr("Proxy-Authorization: Basic dTpw")) << auth;
  for (const char* auth : {"ANY", "ANYSAFE", "DIGEST"})
    EXPECT_THAT(Through(auth), AllOf(HasSubstr("GET "), Not(HasSubstr("Proxy-Auth")))) << auth;
}

}  // namespace
}  // namespace s2c
