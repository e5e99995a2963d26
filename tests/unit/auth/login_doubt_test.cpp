// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// The answer was lost, so that nobody knows what the server has done (issue 10).
using LoginInDoubt = LoginFixture;

TEST_F(LoginInDoubt, OfARefreshIsFollowedByThePassword) {
  const auto login = Make(WithCache(PasswordOf()));
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(280));
  realm_.lose_refreshes = true;
  EXPECT_EQ(Get(*login), "a3") << "a2 was lost on its way";
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "password me"));
  EXPECT_EQ(Cached(), "a3 r3");
}

TEST_F(LoginInDoubt, OfARefreshNeverSendsThatTokenAgain) {
  realm_.Accept("given");
  realm_.lose_refreshes = true;
  const auto login = Make(RefreshToken("given"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(ErrorOf(login->Get()),
                FailsWith(ErrorKind::kCredentials,
                          AllOf(HasSubstr("may have ended"), HasSubstr("log in anew, by"),
                                HasSubstr("sen2cli session login"))));
    clock_.Advance(seconds(11));
    realm_.lose_refreshes = false;
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("given"));
}

TEST_F(LoginInDoubt, OfARefreshGoesOnWithTheOldTokenWhileThatLives) {
  realm_.Accept("given");
  const auto login = Make(RefreshToken("given"));
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(280));
  realm_.lose_refreshes = true;
  EXPECT_EQ(Get(*login), "a1");
  EXPECT_EQ(Get(*login), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "r1"));
}

TEST_F(LoginInDoubt, OfARefreshTakesWhatAnotherProgramStoresMeanwhile) {
  ASSERT_TRUE(TokenFile()->Write(MakeToken("filed", "x", clock_, seconds(400))));
  realm_.Accept("x");
  realm_.lose_refreshes = true;
  const auto login = Make(WithTokenFile());
  EXPECT_THAT(Get(*login), StartsWith("failed: the login may have ended"));
  ASSERT_TRUE(TokenFile()->Write(MakeToken("by sen2cli", "y", clock_)));
  clock_.Advance(seconds(11));
  EXPECT_EQ(Get(*login), "by sen2cli");
  EXPECT_THAT(realm_.Asked(), ElementsAre("x"));
}

TEST_F(LoginInDoubt, OfARefreshLeavesWhatIsStored) {
  PutIntoCache(MakeToken("cached", "x", clock_, seconds(400)));
  realm_.Accept("x");
  realm_.lose_refreshes = realm_.refuse_password = true;
  const std::string before = CacheBytes();
  EXPECT_THAT(Get(*Make(WithCache(PasswordOf()))), StartsWith("failed"));
  EXPECT_EQ(CacheBytes(), before);
}

// It may have been counted as a failure.
TEST_F(LoginInDoubt, OfAPasswordIsNotTriedAgainAtOnce) {
  const auto login = Make(PasswordOf());
  realm_.down = 504;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ErrorOf(login->Get()).kind, ErrorKind::kInterrupted);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
  realm_.down = 0;
  clock_.Advance(seconds(11));
  EXPECT_EQ(Get(*login), "a1");
}

TEST_F(LoginInDoubt, IsNoneWhereTheClientIsRefusedAndThatIsNotTriedAgainAtOnceEither) {
  const auto login = Make(PasswordOf());
  realm_.transport().Then(Answer(401, R"({"error": "invalid_client"})"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ErrorOf(login->Get()).kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(realm_.Asked().size(), 1U);
}

}  // namespace
}  // namespace s2c
