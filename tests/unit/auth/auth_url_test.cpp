// SPDX-License-Identifier: MIT
#include "client/auth/auth_url.h"

#include <gtest/gtest.h>

#include "tests/unit/support/fake_transport.h"

namespace s2c {
namespace {

std::string BaseOf(const std::string& given) {
  return AuthBase(testing_support::MakeUrl(given)).ToString();
}

TEST(AuthBase, IsTheSameOfEveryAddressOfARealm) {
  const std::string issuer = "https://auth.example:8443/auth/realms/token";
  for (const char* more :
       {"", "/protocol/openid-connect", "/protocol/openid-connect/token",
        "/protocol/openid-connect/userinfo", "/.well-known/openid-configuration", "/account"}) {
    for (const char* end : {"", "/", "//", "?x=1", "#x"})
      EXPECT_EQ(BaseOf(issuer + more + end), issuer + "/protocol/openid-connect") << more << end;
  }
}

TEST(AuthBase, OfAServerThatIsNoKeycloakIsWhereItsTokenAddressLies) {
  for (const char* more : {"", "/token", "/.well-known/openid-configuration"}) {
    for (const char* end : {"", "/"}) {
      EXPECT_EQ(BaseOf(std::string("https://auth.example/oauth2") + more + end),
                "https://auth.example/oauth2");
      EXPECT_EQ(AuthBase(testing_support::MakeUrl(std::string("https://auth.example") + more + end))
                    .Below("token")
                    .ToString(),
                "https://auth.example/token");
    }
  }
}

TEST(AuthBase, IsLeftAloneWhereNoRealmIsNamed) {
  EXPECT_EQ(BaseOf("https://auth.example/realms/"), "https://auth.example/realms");
  EXPECT_EQ(BaseOf("https://auth.example/mytoken"), "https://auth.example/mytoken");
}

}  // namespace
}  // namespace s2c
