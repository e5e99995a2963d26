// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/auth/refusal.h"
#include "client/auth/token.h"
#include "client/base/url.h"
#include "client/http/exchange.h"

namespace s2c {

/// The OAuth2 grants of a Keycloak realm, for a public client. Thread-safe; each call is one
/// request. It is repeated where the server has certainly not acted on it; where nobody knows, a
/// refresh never is, and a login once.
class Grants {
 public:
  /// `auth_url` is the base of `/token`. The references must outlive this.
  Grants(Transport& transport, Clock& clock, const Url& auth_url, std::string client_id);

  /// RFC 6749, section 4.3. kCredentials where the server refuses this user or password,
  /// kInvalidInput where it refuses the client or the address. `offline` asks for a login without
  /// an end of its own as well (OpenID Connect Core, section 11).
  Result<Token> Password(const std::string& username, const Secret& password, bool offline = false);
  /// RFC 6749, section 6. The answer holds a new refresh token; the old one is used up, and may be
  /// after kInterrupted.
  Result<Token> Refresh(const Secret& refresh_token);
  /// Ends the login to which this refresh token belongs, at the server. One that has ended before
  /// is no failure.
  Status LogOut(const Secret& refresh_token);

 private:
  /// `refusal` is why there is none, where it was asked.
  Result<Token> Ask(const Parameters& form, int repeats_in_doubt, Refusal& refusal);
  /// An answer that is a success.
  Result<Response> Post(const Url& url, const Parameters& form, int repeats_in_doubt,
                        Refusal& refusal);
  std::string Named() const;

  Transport& transport_;
  Clock& clock_;
  const Url token_url_;
  const Url logout_url_;
  const std::string client_id_;
};

}  // namespace s2c
