// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "client/http/curl_transport.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/system.h"

namespace s2c::testing_support {

// Answers with the request's own head and body.
inline std::string Echo(const std::string& head, const std::string& body) {
  return HttpAnswer(200, head + body);
}

class CurlTransportTest : public testing::Test {
 protected:
  static Request Ask(const std::string& url) {
    Request request;
    request.url = MakeUrl(url);
    return request;
  }

  // A proxy of the machine that runs the tests has no part in them.
  static void SetUpTestSuite() { SetVariable("no_proxy", "*"); }

  std::string BodyOf(const Request& request) {
    const auto response = transport_.Send(request);
    return response ? testing_support::BodyOf(*response) : "failed: " + response.error().message;
  }

  CurlTransport transport_{ConnectionSettings()};
};

}  // namespace s2c::testing_support
