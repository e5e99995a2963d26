// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tuple>

#include "client/base/secret.h"
#include "client/http/exchange.h"

namespace s2c {

/// How to connect, as GDAL's HTTP options say it; empty or 0 leaves a setting to libcurl.
/// Immutable once a transport has it.
struct ConnectionSettings {
  double connect_timeout = 10;  ///< seconds
  double timeout = 0;           ///< seconds for a whole exchange, 0 = none
  long low_speed_limit = 10;    ///< less than so many bytes per second ...
  long low_speed_time = 30;     ///< ... for so many seconds end an exchange, 0 = never
  int max_connections = 8;      ///< per host
  std::string http_version;     ///< "1.0", "1.1", "2", "2TLS"; empty: HTTP/2 over TLS if offered
  std::string user_agent;
  std::string proxy;
  std::string https_proxy;  ///< for https in place of `proxy`
  Secret proxy_user_password;
  std::string proxy_auth;  ///< BASIC, NTLM, DIGEST, NEGOTIATE, ANY, ANYSAFE
  std::string ca_bundle;
  std::string ca_path;
  bool native_ca = false;  ///< those of the system's own store, too
  std::string client_certificate;
  std::string client_certificate_type;
  std::string client_key;
  Secret client_key_password;
  bool verify_tls = true;
  bool tcp_keepalive = false;

  auto Tie() const {
    return std::tie(connect_timeout, timeout, low_speed_limit, low_speed_time, max_connections,
                    http_version, user_agent, proxy, https_proxy, proxy_user_password, proxy_auth,
                    ca_bundle, ca_path, native_ca, client_certificate, client_certificate_type,
                    client_key, client_key_password, verify_tls, tcp_keepalive);
  }
  friend bool operator==(const ConnectionSettings& a, const ConnectionSettings& b) {
    return a.Tie() == b.Tie();
  }
};

}  // namespace s2c
