// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "client/http/exchange.h"

namespace s2c {

/// Follows redirects of GET requests (RFC 9110, section 15.4), at most five. A redirect to another
/// scheme, host or port goes without the token from there on, unless the user trusts that place:
/// another port may be another service (CVE-2022-27774). One from https to http is refused.
/// Thread-safe.
class RedirectingTransport final : public Transport {
 public:
  using Trust = std::function<bool(const Url&)>;

  /// `inner` must outlive the transport and its exchanges.
  RedirectingTransport(Transport& inner, Trust is_trusted)
      : inner_(inner), is_trusted_(std::move(is_trusted)) {}

  std::unique_ptr<Exchange> Start(Request request) override;

 private:
  Transport& inner_;
  const Trust is_trusted_;
};

}  // namespace s2c
