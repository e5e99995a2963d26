// SPDX-License-Identifier: MIT
#include "client/auth/jwt.h"

#include <gtest/gtest.h>

#include "tests/unit/support/base64.h"

namespace s2c {
namespace {

using testing_support::MakeJwt;

std::optional<std::string> Name(const std::string& claims) {
  return JwtClaim(Secret(MakeJwt(claims)), "preferred_username");
}

TEST(JwtClaim, IsTheTextThatTheTokenHas) {
  for (const char* name : {"m", "me", "me.too", "\xC3\xBC\xC3\xBF", "a?b>c~"})
    EXPECT_EQ(Name(R"({"iss": "x", "preferred_username": ")" + std::string(name) + "\"}"), name);
}

TEST(JwtClaim, IsNothingWhereTheTokenDoesNotSay) {
  for (const char* claims :
       {"{}", R"({"preferred_username": ""})", R"({"preferred_username": null})",
        R"({"preferred_username": {"a": 1}})", "null", "[]", "", "{\"preferred"})
    EXPECT_EQ(Name(claims), std::nullopt) << claims;
}

TEST(JwtClaim, IsNothingOfATokenThatIsNoJwt) {
  for (const char* token :
       {"", "opaque", ".", "..", "a.b", "a.b.c", "a.!!.c", "a.bnVsbA.c", "a.e30.c", "a.eyJpc3M.c"})
    EXPECT_EQ(JwtClaim(Secret(token), "iss"), std::nullopt) << token;
}

}  // namespace
}  // namespace s2c
