// SPDX-License-Identifier: MIT
#include "client/http/redirect.h"

namespace s2c {
namespace {

constexpr int kMaxRedirects = 5;

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class RedirectingExchange final : public Exchange {
 public:
  RedirectingExchange(Transport& inner, RedirectingTransport::Trust is_trusted, Request request)
      : inner_(inner),
        is_trusted_(std::move(is_trusted)),
        request_(std::move(request)),
        first_(request_.url),
        hop_(inner_.Start(request_)) {}

  Result<Response> WaitFor(std::size_t bytes) override {
    for (int redirects = 0;; ++redirects) {
      Result<Response> result = hop_->WaitFor(bytes);
      if (!result || !IsRedirect(result->status) || request_.method != "GET") return result;
      const std::string_view location = result->Header("location");
      if (location.empty()) return result;
      if (redirects == kMaxRedirects)
        return Fail(ErrorKind::kProtocol,
                    "the server of '" + request_.url.With(request_.url.path(), "").ToString() +
                        "' redirects in circles",
                    result->status);
      Result<Url> target = ResolveReference(request_.url, location);
      if (!target) return Pass(target);
      if (request_.url.IsHttps() && !target->IsHttps())
        return Fail(ErrorKind::kProtocol,
                    "the server of '" + request_.url.With(request_.url.path(), "").ToString() +
                        "' redirects from https to http, which is refused",
                    result->status);
      if (target->Origin() != first_.Origin() && !is_trusted_(*target))
        request_.may_authorize = false;
      request_.url = std::move(*target);
      hop_ = inner_.Start(request_);
    }
  }

 private:
  Transport& inner_;
  const RedirectingTransport::Trust is_trusted_;
  Request request_;
  const Url first_;
  std::unique_ptr<Exchange> hop_;
};

}  // namespace

std::unique_ptr<Exchange> RedirectingTransport::Start(Request request) {
  return std::make_unique<RedirectingExchange>(inner_, is_trusted_, std::move(request));
}

}  // namespace s2c
