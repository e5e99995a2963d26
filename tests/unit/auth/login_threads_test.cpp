// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "client/auth/login.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/threads.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr int kThreads = 16;

class LoginThreads : public LoginFixture {
 protected:
  // How many of the threads' answers are `expected`; the server answers once one of them waits.
  template <class Ask>
  int Count(const std::string& expected, Ask ask) {
    std::atomic<int> right{0};
    realm_.transport().Hold();
    std::thread release([this] {
      realm_.transport().AwaitWaiting(1);
      realm_.transport().Release();
    });
    InThreads(kThreads, [&](int) { right += ask() == expected; });
    release.join();
    return right;
  }

  std::unique_ptr<Login> login_ = Make(PasswordOf());
};

TEST_F(LoginThreads, LogInOnceHoweverManyWant) {
  EXPECT_EQ(Count("a1", [&] { return Get(*login_); }), kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginThreads, RefreshAnExpiredTokenOnce) {
  EXPECT_EQ(Get(*login_), "a1");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Count("a2", [&] { return Get(*login_); }), kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(LoginThreads, ReplaceARefusedTokenOnce) {
  EXPECT_EQ(Get(*login_), "a1");
  EXPECT_EQ(Count("a2", [&] { return Replace(*login_, "a1"); }), kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(LoginThreads, AreRefusedOnce) {
  realm_.refuse_password = true;
  std::atomic<int> refused{0};
  InThreads(kThreads,
            [&](int) { refused += Get(*login_).find("'me' was refused") != std::string::npos; });
  EXPECT_EQ(refused, kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginThreads, GoOnWithTheOldTokenWhileAnotherRenewsIt) {
  EXPECT_EQ(Get(*login_), "a1");
  clock_.Advance(seconds(280));
  realm_.transport().Hold();
  std::string renewed;
  std::thread other([&] { renewed = Get(*login_); });
  realm_.transport().AwaitWaiting(1);
  EXPECT_EQ(Get(*login_), "a1");
  EXPECT_EQ(Get(*login_), "a1");
  realm_.transport().Release();
  other.join();
  EXPECT_EQ(renewed, "a2");
  EXPECT_EQ(Get(*login_), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(LoginThreads, DoNotGoOnWithARefusedToken) {
  EXPECT_EQ(Get(*login_), "a1");
  clock_.Advance(seconds(280));
  realm_.transport().Hold();
  std::string renewed;
  std::string replaced;
  std::thread other([&] { renewed = Get(*login_); });
  realm_.transport().AwaitWaiting(1);
  std::thread refused([&] { replaced = Replace(*login_, "a1"); });
  realm_.transport().Release();
  other.join();
  refused.join();
  EXPECT_EQ(renewed, "a2");
  EXPECT_EQ(replaced, "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

// Sixteen processes at once: logins that share nothing but the folder, by the machine's own clock,
// since they wait for each other's locks.
class LoginProcesses : public LoginFixture {
 protected:
  int CountTogether(const std::string& expected) {
    std::atomic<int> right{0};
    InThreads(kThreads, [&](int) {
      Grants grants = realm_.MakeGrants(SystemClock());
      LoginWays ways = PasswordOf();
      ways.cache = MachinesCache();
      Login login(grants, SystemClock(), std::move(ways));
      right += Get(login) == expected;
    });
    return right;
  }
  std::unique_ptr<TokenStore> MachinesCache() {
    return TokenStore::Cache(cache_folder_, FakeRealm::kUrl, "client", "me", SystemClock());
  }
};

TEST_F(LoginProcesses, ThatStartTogetherLogInOnce) {
  EXPECT_EQ(CountTogether("a1"), kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(LoginProcesses, ThatFindAnExpiredTokenRefreshItOnce) {
  const auto cache = MachinesCache();
  ASSERT_TRUE(cache->Lock());
  ASSERT_TRUE(cache->Write(ByPassword(MakeToken("old", "x", SystemClock(), seconds(400)))));
  realm_.Accept("x");
  EXPECT_EQ(CountTogether("a1"), kThreads);
  EXPECT_THAT(realm_.Asked(), ElementsAre("x"));
}

}  // namespace
}  // namespace s2c
