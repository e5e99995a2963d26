// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "client/auth/grants.h"
#include "tests/unit/support/fake_transport.h"

namespace s2c::testing_support {

/// A login server that does as Keycloak does: an access token lives 300 s, a refresh token 1800 s,
/// and a refresh token works once. Its tokens are a1 with r1, a2 with r2, and so on. Thread-safe
/// but for the public members, which are set while nobody asks.
class FakeRealm {
 public:
  static constexpr const char* kUrl = "https://auth.example/realms/r/protocol/openid-connect";

  FakeRealm();

  FakeTransport& transport() { return transport_; }
  /// What a client asks it through.
  Grants MakeGrants(Clock& clock) { return {transport_, clock, MakeUrl(kUrl), "client"}; }
  /// The grants that were asked: "password USER" or the refresh token that was sent.
  std::vector<std::string> Asked() const;
  /// Takes this refresh token, once.
  void Accept(const std::string& refresh_token) { valid_.insert(refresh_token); }

  bool refuse_password = false;
  std::string wrong_password;  ///< refused, where it is not empty
  bool refuse_refresh = false;
  bool lose_refreshes = false;      ///< a refresh is done, and its answer does not arrive
  bool keep_refresh_token = false;  ///< a refresh brings no new one, and the old goes on
  int down = 0;        ///< the status of every answer; -1: cannot be reached; 0: all is well
  std::string prefix;  ///< of every token
  std::function<void()> while_it_answers;  ///< before each answer

 private:
  Result<Response> Reply(const Request& request);

  FakeTransport transport_;
  std::set<std::string> valid_;
  int issued_ = 0;
};

/// A token with Keycloak's lifetimes that came so long ago.
Token MakeToken(const std::string& access, const std::string& refresh, const Clock& clock,
                Clock::Duration age = {});

}  // namespace s2c::testing_support
