// SPDX-License-Identifier: MIT
// The file of authorities, which OpenSSL and GnuTLS read before they greet the server, Schannel
// after.
#include "tests/unit/http/curl_transport_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::CurlTransportTest;
using testing_support::Echo;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::HttpServer;

TEST_F(CurlTransportTest, AFileOfAuthoritiesThatIsNotThereIsToldByItsOptionWhateverItsName) {
  HttpServer server(Echo);
  ConnectionSettings settings;
  settings.ca_bundle = "/nowhere/expired_match.pem";
  CurlTransport transport(settings);
  std::string url = server.Url("/");
  url.insert(4, "s");
  EXPECT_THAT(ErrorOf(transport.Send(Ask(url))),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("is not trusted"), HasSubstr("GDAL_CURL_CA_BUNDLE"))));
}

}  // namespace
}  // namespace s2c
