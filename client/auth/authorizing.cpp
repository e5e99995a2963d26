// SPDX-License-Identifier: MIT
#include "client/auth/authorizing.h"

#include <algorithm>

#include "client/base/text.h"

namespace s2c {
namespace {

class AuthorizingExchange final : public Exchange {
 public:
  AuthorizingExchange(Transport& inner, TokenSource& tokens, Request request)
      : inner_(inner), tokens_(tokens), request_(std::move(request)) {
    Result<Secret> token = tokens_.Get();
    if (!token) {
      failed_ = std::move(token.error());
      return;
    }
    request_.bearer = std::move(*token);
    attempt_ = inner_.Start(request_);
  }

  Result<Response> WaitFor(std::size_t bytes) override {
    if (failed_) return tl::unexpected<Error>(*failed_);
    Result<Response> result = attempt_->WaitFor(bytes);
    if (!result || result->status != 401) return result;
    Result<Secret> token = tokens_.Replace(request_.bearer);
    if (!token) return Pass(token);
    request_.bearer = std::move(*token);
    attempt_ = inner_.Start(request_);
    return attempt_->WaitFor(bytes);
  }

 private:
  Transport& inner_;
  TokenSource& tokens_;
  Request request_;
  std::optional<Error> failed_;
  std::unique_ptr<Exchange> attempt_;
};

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

TokenScope::TokenScope(const Url& api_url, const std::vector<std::string>& trusted_hosts)
    : api_host_(api_url.host()) {
  for (const std::string& entry : trusted_hosts) {
    const std::string text(Trim(entry));
    const bool is_address = text.find("://") != std::string::npos;
    const auto url = Url::Parse(is_address ? text : "https://" + text);
    if (!url) continue;
    // Without a port of its own, a host has another one under each scheme.
    const auto other = Url::Parse("http://" + text);
    const bool has_port = is_address || (other && other->port() == url->port());
    trusted_hosts_.push_back({url->host(), has_port ? std::optional(url->port()) : std::nullopt});
  }
  static constexpr std::string_view kApi = "api.";
  if (api_host_.compare(0, kApi.size(), kApi) != 0) return;
  const std::string domain = api_host_.substr(kApi.size());
  // What remains of api.example is a top-level domain, and that is nobody's; localhost is ours.
  if (domain.find('.') != std::string::npos || domain == "localhost") domain_ = "." + domain;
}

bool TokenScope::Covers(const Url& url) const {
  if (!url.IsHttps() && !url.IsLoopback()) return false;
  const std::string& host = url.host();
  if (host == api_host_) return true;
  if (!domain_.empty() && (EndsWith(host, domain_) || "." + host == domain_)) return true;
  return Trusts(url);
}

bool TokenScope::Trusts(const Url& url) const {
  return std::any_of(trusted_hosts_.begin(), trusted_hosts_.end(), [&](const TrustedHost& trusted) {
    return trusted.host == url.host() && trusted.port.value_or(url.port()) == url.port();
  });
}

AuthorizingTransport::AuthorizingTransport(Transport& inner, TokenSource& tokens, TokenScope scope,
                                           Headers extra_headers)
    : inner_(inner),
      tokens_(tokens),
      scope_(std::move(scope)),
      extra_headers_(std::move(extra_headers)) {}

std::unique_ptr<Exchange> AuthorizingTransport::Start(Request request) {
  if (!request.may_authorize || !scope_.Covers(request.url))
    return inner_.Start(std::move(request));
  request.headers.insert(request.headers.end(), extra_headers_.begin(), extra_headers_.end());
  return std::make_unique<AuthorizingExchange>(inner_, tokens_, std::move(request));
}

}  // namespace s2c
