// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/auth/token.h"
#include "client/base/url.h"
#include "client/http/exchange.h"

namespace s2c {

/// The OAuth2 grants of a Keycloak realm, for a public client. Thread-safe; each call is one
/// request, which is not repeated once it has left.
class Grants {
 public:
  /// `auth_url` is the base of `/token`. The references must outlive this.
  Grants(Transport& transport, Clock& clock, Url auth_url, std::string client_id);

  /// RFC 6749, section 4.3. kCredentials where the server refuses.
  Result<Token> Password(const std::string& username, const Secret& password);
  /// RFC 6749, section 6. The answer holds a new refresh token; the old one is used up.
  Result<Token> Refresh(const Secret& refresh_token);

 private:
  Result<Token> Ask(const Parameters& form);

  Transport& transport_;
  Clock& clock_;
  const Url auth_url_;
  const std::string client_id_;
};

}  // namespace s2c
