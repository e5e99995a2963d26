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

TokenScope::TokenScope(const Url& api_url, std::vector<std::string> trusted_hosts)
    : api_host_(api_url.host()), trusted_hosts_(std::move(trusted_hosts)) {
  for (std::string& host : trusted_hosts_) {
    // A URL or host:port means its host, on whatever port.
    const auto url = Url::Parse(host.find("://") == std::string::npos ? "https://" + host : host);
    host = url ? url->host() : LowerCase(Trim(host));
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
  return std::find(trusted_hosts_.begin(), trusted_hosts_.end(), host) != trusted_hosts_.end();
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
