// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>

#include "client/http/connection_settings.h"
#include "client/http/exchange.h"

namespace s2c {

/// HTTP over libcurl, and the only place that runs transfers. One thread of its own drives all
/// exchanges through one connection pool (HTTP/2 multiplexed where the server offers it).
///
/// The thread starts with the first request, and again in a forked child: there the parent's
/// connections are left alone, since a byte sent on one of them would end up in the parent's
/// stream. Redirects are not followed and bodies not decoded beyond the content coding.
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(ConnectionSettings settings);
  ~CurlTransport() override;

  std::unique_ptr<Exchange> Start(Request request) override;

  class Loop;

 private:
  std::shared_ptr<Loop> CurrentLoop();

  const ConnectionSettings settings_;
  std::mutex mutex_;
  std::shared_ptr<Loop> loop_;
};

}  // namespace s2c
