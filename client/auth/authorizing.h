// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/auth/token.h"
#include "client/http/exchange.h"

namespace s2c {

/// Who may see the token: the API's host, the hosts under the domain that remains when a leading
/// `api.` is dropped from it, and the trusted ones; over https, or http on loopback.
class TokenScope {
 public:
  TokenScope(const Url& api_url, const std::vector<std::string>& trusted_hosts);

  bool Covers(const Url& url) const;
  /// Whether the user has named this place as one to trust: a host means all of its ports, one with
  /// a port, or an address, that port.
  bool Trusts(const Url& url) const;

 private:
  struct TrustedHost {
    std::string host;
    std::optional<int> port;
  };

  std::string api_host_;
  std::string domain_;  ///< with its leading dot; empty where there is none to trust
  std::vector<TrustedHost> trusted_hosts_;
};

/// Adds the bearer where it may go, and on a 401 asks for a new token and sends once more.
/// Thread-safe.
class AuthorizingTransport final : public Transport {
 public:
  /// `extra_headers` are the user's own (GDAL_HTTP_HEADERS); they may hold credentials and go where
  /// the token goes. The references must outlive the transport and its exchanges.
  AuthorizingTransport(Transport& inner, TokenSource& tokens, TokenScope scope,
                       Headers extra_headers);

  std::unique_ptr<Exchange> Start(Request request) override;

 private:
  Transport& inner_;
  TokenSource& tokens_;
  const TokenScope scope_;
  const Headers extra_headers_;
};

}  // namespace s2c
