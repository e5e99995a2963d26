// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "client/http/retry.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c::testing_support {

class Retry : public testing::Test {
 protected:
  static Request Ask(const std::string& method = "GET") {
    Request request;
    request.method = method;
    request.url = MakeUrl("https://a.example/x");
    request.body = method == "GET" ? "" : "body";
    return request;
  }

  Result<Response> Send(const Request& request, RetryPolicy policy = {}, double random = 1.0) {
    FixedRandom fixed(random);
    RetryingTransport transport(inner_, policy, clock_, fixed, dead_servers_);
    return transport.Send(request);
  }

  FakeTransport inner_;
  FakeClock clock_;
  std::shared_ptr<DeadServers> dead_servers_ = std::make_shared<DeadServers>(clock_);
};

}  // namespace s2c::testing_support
