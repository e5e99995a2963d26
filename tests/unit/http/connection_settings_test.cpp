// SPDX-License-Identifier: MIT
#include "client/http/connection_settings.h"

#include <gtest/gtest.h>

#include <functional>

namespace s2c {
namespace {

TEST(ConnectionSettings, AreEqualWhenNothingDiffers) {
  EXPECT_TRUE(ConnectionSettings() == ConnectionSettings());
}

// Two sessions share their connections if these are equal, so none may be left out.
TEST(ConnectionSettings, DifferInEveryMember) {
  using Change = std::function<void(ConnectionSettings&)>;
  const Change changes[] = {
      [](auto& s) { s.connect_timeout = 1; },
      [](auto& s) { s.timeout = 1; },
      [](auto& s) { s.low_speed_limit = 2; },
      [](auto& s) { s.low_speed_time = 1; },
      [](auto& s) { s.max_connections = 1; },
      [](auto& s) { s.http_version = "1.1"; },
      [](auto& s) { s.user_agent = "x"; },
      [](auto& s) { s.proxy = "x"; },
      [](auto& s) { s.https_proxy = "x"; },
      [](auto& s) { s.proxy_user_password = Secret("x"); },
      [](auto& s) { s.proxy_auth = "BASIC"; },
      [](auto& s) { s.ca_bundle = "x"; },
      [](auto& s) { s.ca_path = "x"; },
      [](auto& s) { s.native_ca = true; },
      [](auto& s) { s.client_certificate = "x"; },
      [](auto& s) { s.client_certificate_type = "x"; },
      [](auto& s) { s.client_key = "x"; },
      [](auto& s) { s.client_key_password = Secret("x"); },
      [](auto& s) { s.verify_tls = false; },
      [](auto& s) { s.tcp_keepalive = true; },
  };
  std::size_t number = 0;
  for (const Change& change : changes) {
    ConnectionSettings changed;
    change(changed);
    EXPECT_FALSE(changed == ConnectionSettings()) << "change " << number;
    ++number;
  }
}

}  // namespace
}  // namespace s2c
