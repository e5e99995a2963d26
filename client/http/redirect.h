// SPDX-License-Identifier: MIT
#pragma once

#include "client/http/exchange.h"

namespace s2c {

/// Follows redirects of GET requests (RFC 9110, section 15.4), at most five. A redirect to another
/// host goes without the token from there on, and one from https to http is refused. Thread-safe.
class RedirectingTransport final : public Transport {
 public:
  /// `inner` must outlive the transport and its exchanges.
  explicit RedirectingTransport(Transport& inner) : inner_(inner) {}

  std::unique_ptr<Exchange> Start(Request request) override;

 private:
  Transport& inner_;
};

}  // namespace s2c
