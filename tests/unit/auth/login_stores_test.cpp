// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "client/auth/login.h"
#include "client/base/iso_time.h"
#include "tests/unit/auth/login_fixture.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class CachedLogin : public LoginFixture {
 protected:
  std::unique_ptr<Login> MakeCached(const std::string& user = "me") {
    return Make(WithCache(PasswordOf(user), user));
  }
};

TEST_F(CachedLogin, IsTakenByTheNextProcess) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  EXPECT_EQ(Cached(), "a1 r1");
  EXPECT_EQ(Get(*MakeCached()), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(CachedLogin, IsRefreshedByTheNextProcessAndWrittenBack) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*MakeCached()), "a2");
  EXPECT_EQ(Cached(), "a2 r2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(CachedLogin, AsksNothingWhereAnotherHasJustRefreshed) {
  const auto first = MakeCached();
  const auto second = MakeCached();
  EXPECT_EQ(Get(*first), "a1");
  EXPECT_EQ(Get(*second), "a1");
  for (const char* expected : {"a2", "a3"}) {
    clock_.Advance(seconds(280));
    EXPECT_EQ(Get(*first), expected);
    EXPECT_EQ(Get(*second), expected);
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r2"));
}

TEST_F(CachedLogin, TakesWhatAnotherHasReplacedAfterARefusal) {
  const auto first = MakeCached();
  const auto second = MakeCached();
  EXPECT_EQ(Get(*first), "a1");
  EXPECT_EQ(Get(*second), "a1");
  EXPECT_EQ(Replace(*first, "a1"), "a2");
  EXPECT_EQ(Replace(*second, "a1"), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

// A backup, or somebody who races for the file: what is older than a refused token is over as well.
TEST_F(CachedLogin, DoesNotTakeAnOlderTokenThatHasComeBackAfterARefusal) {
  const auto login = MakeCached();
  EXPECT_EQ(Get(*login), "a1");
  PutIntoCache(MakeToken("old", "used", clock_, seconds(200)));
  EXPECT_EQ(Replace(*login, "a1"), "a2");
}

// The lock is waited for, and the store read again inside it.
TEST_F(CachedLogin, TakesWhatCameWhileItWaitedForTheLock) {
  PutIntoCache(MakeToken("old", "used", clock_, seconds(400)));
  auto others = Cache()->Lock();
  clock_.Meanwhile([&] {
    if (!others) return;
    EXPECT_TRUE(Cache()->Write(ByPassword(MakeToken("new", "next", clock_))));
    others.reset();
  });
  EXPECT_EQ(Get(*MakeCached()), "new");
  EXPECT_FALSE(others);
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(CachedLogin, TakesThePasswordWithoutAnErrorWhenTheStoredRefreshTokenIsOver) {
  PutIntoCache(MakeToken("old", "over", clock_, seconds(1801)));
  EXPECT_EQ(Get(*MakeCached()), "a1");
  EXPECT_EQ(Cached(), "a1 r1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
}

TEST_F(CachedLogin, TakesThePasswordWhenTheStoredRefreshTokenIsRefused) {
  PutIntoCache(MakeToken("old", "used", clock_, seconds(400)));
  EXPECT_EQ(Get(*MakeCached()), "a1");
  EXPECT_EQ(Cached(), "a1 r1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("used", "password me"));
}

TEST_F(CachedLogin, LeavesTheFileAsItWasWhenBothAreRefused) {
  PutIntoCache(MakeToken("old", "used", clock_, seconds(400)));
  const std::string before = CacheBytes();
  realm_.refuse_password = true;
  EXPECT_THAT(ErrorOf(MakeCached()->Get()),
              FailsWith(ErrorKind::kCredentials, HasSubstr("'me' was refused")));
  EXPECT_EQ(CacheBytes(), before);
}

TEST_F(CachedLogin, LeavesTheFileAsItWasWhereTheServerIsDown) {
  realm_.Accept("r");
  PutIntoCache(MakeToken("old", "r", clock_, seconds(400)));
  const std::string before = CacheBytes();
  const auto login = MakeCached();
  for (const int down : {500, 503, -1}) {
    realm_.down = down;
    EXPECT_THAT(Get(*login), StartsWith("failed")) << down;
    EXPECT_EQ(CacheBytes(), before) << down;
  }
  realm_.down = 0;
  EXPECT_EQ(Get(*login), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("r", "r", "r", "r"));
}

TEST_F(CachedLogin, DoesNotTrustAStoredTokenAfterTheClockWasSetBack) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  clock_.Advance(seconds(1000));
  clock_.SetEpoch(clock_.EpochSeconds() - 3600);
  EXPECT_EQ(Get(*MakeCached()), "a2") << "a1 is over, whatever its file says";
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
  EXPECT_EQ(Get(*MakeCached()), "a2");
}

TEST_F(CachedLogin, RefreshesAStoredTokenAfterTheClockWasSetAhead) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  clock_.SetEpoch(clock_.EpochSeconds() + 600);
  EXPECT_EQ(Get(*MakeCached()), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

TEST_F(CachedLogin, IsOneForEachUser) {
  const auto me = MakeCached("me");
  const auto you = MakeCached("you");
  EXPECT_EQ(Get(*me), "a1");
  EXPECT_EQ(Get(*you), "a2");
  EXPECT_EQ(Get(*MakeCached("me")), "a1");
  EXPECT_EQ(Get(*MakeCached("you")), "a2");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*you), "a3");
  EXPECT_EQ(Get(*me), "a4");
  EXPECT_EQ(Cached("you"), "a3 r3");
  EXPECT_EQ(Cached("me"), "a4 r4");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password you", "r2", "r1"));
}

TEST_F(CachedLogin, KeepsItsTokenInMemoryWhereTheDiskIsFull) {
  const auto login = MakeCached();
  const FullDisk full;
  for (const char* expected : {"a1", "a2", "a3"}) {
    EXPECT_EQ(Get(*login), expected);
    clock_.Advance(seconds(400));
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r2"));
}

TEST_F(CachedLogin, WritesAgainWhenTheDiskHasRoomAgain) {
  const auto login = MakeCached();
  EXPECT_EQ(Get(*login), "a1");
  const std::string before = CacheBytes();
  clock_.Advance(seconds(400));
  {
    const FullDisk full;
    EXPECT_EQ(Get(*login), "a2");
  }
  EXPECT_EQ(CacheBytes(), before);
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*login), "a3");
  EXPECT_EQ(Cached(), "a3 r3");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1", "r2"))
      << "the file's r1 is used up, and is not sent again";
}

TEST_F(CachedLogin, StaysInMemoryWhereTheFolderCannotBeUsed) {
  const auto in_memory = [&](const char* what) {
    FakeRealm realm;
    Grants grants = realm.MakeGrants(clock_);
    Login login(grants, clock_, WithCache(PasswordOf()));
    EXPECT_EQ(Get(login), "a1") << what;
    clock_.Advance(seconds(280));
    EXPECT_EQ(Get(login), "a2") << what;
    EXPECT_THAT(realm.Asked(), ElementsAre("password me", "r1")) << what;
  };
  WriteText(cache_folder_, "a file");
  in_memory("not a folder");
  std::remove(cache_folder_.c_str());
  ASSERT_TRUE(MakePrivateFolder(cache_folder_));
  SetMode(cache_folder_, 0755);
  in_memory("open to others");
  EXPECT_EQ(CacheBytes(), "(none)");
}

TEST_F(CachedLogin, ReplacesATornFile) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  WriteText(Cache()->path(), CacheBytes().substr(0, 100));
  EXPECT_EQ(Get(*MakeCached()), "a2");
  EXPECT_EQ(Cached(), "a2 r2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
}

TEST_F(CachedLogin, NeitherTakesNorLeavesAFileThatOthersCanRead) {
  EXPECT_EQ(Get(*MakeCached()), "a1");
  SetMode(Cache()->path(), 0644);
  EXPECT_EQ(Get(*MakeCached()), "a2");
  EXPECT_EQ(ModeOf(Cache()->path()), 0600U);
}

// With nothing to log in by, the token in memory is all there is.
TEST_F(CachedLogin, GoesOnWithTheTokenInMemoryWhenItsFileIsGoneOrTorn) {
  realm_.Accept("given");
  const auto login = Make(WithCache(RefreshToken("given")));
  EXPECT_EQ(Get(*login), "a1");
  WriteText(Cache()->path(), "{");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*login), "a2");
  std::remove(Cache()->path().c_str());
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*login), "a3");
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "r1", "r2"));
}

TEST_F(CachedLogin, GivesARefreshTokensSuccessorToTheNextProcess) {
  realm_.Accept("given");
  EXPECT_EQ(Get(*Make(WithCache(RefreshToken("given")))), "a1");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*Make(WithCache(RefreshToken("given")))), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("given", "r1"));
}

TEST_F(CachedLogin, GoesOnInMemoryWhereAnotherHoldsTheLockForGood) {
  const auto hung = Cache()->Lock();
  ASSERT_TRUE(hung);
  const auto login = MakeCached();
  EXPECT_EQ(Get(*login), "a1");
  clock_.Advance(seconds(280));
  EXPECT_EQ(Get(*login), "a2");
  EXPECT_EQ(CacheBytes(), "(none)");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "r1"));
}

// sen2cli 0.2.0 writes what the server answered, and expires_at.
class Sen2cliLogin : public LoginFixture {
 protected:
  void LogInWithSen2cli(const std::string& access, const std::string& refresh) {
    WriteText(token_file_,
              R"({"access_token": ")" + access + R"(", "expires_in": 300,)" +
                  R"( "refresh_expires_in": 1800, "refresh_token": ")" + refresh +
                  R"(", "token_type": "Bearer", "id_token": "i", "not-before-policy": 7,)" +
                  R"( "scope": ["openid", "email"], "expires_at": )" +
                  std::to_string(clock_.EpochSeconds() + 300) + "}",
              0644);
    realm_.Accept(refresh);
  }
};

TEST_F(Sen2cliLogin, IsUsedAsItIs) {
  LogInWithSen2cli("cli", "x");
  const std::string before = ReadText(token_file_);
  EXPECT_EQ(Get(*Make(WithTokenFile())), "cli");
  EXPECT_EQ(ReadText(token_file_), before);
  EXPECT_EQ(ModeOf(token_file_), 0644U);
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(Sen2cliLogin, IsWrittenBackAfterARefreshSoThatSen2cliGoesOn) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*Make(WithTokenFile())), "a1");
  const JsonDocument document = MakeJson(ReadText(token_file_));
  EXPECT_EQ(TextAt(*document, "access_token"), "a1");
  EXPECT_EQ(TextAt(*document, "refresh_token"), "r1");
  EXPECT_EQ(TextAt(*document, "token_type"), "Bearer");
  EXPECT_EQ(TextAt(*document, "id_token"), "i") << "what the answer has not is kept";
  EXPECT_NEAR(NumberAt(*document, "expires_at").value_or(0), clock_.EpochSeconds() + 300, 1);
  EXPECT_EQ(NumberAt(*document, "refresh_expires_in"), 1800);
  EXPECT_EQ(ModeOf(token_file_), 0600U);
  EXPECT_THAT(realm_.Asked(), ElementsAre("x"));
}

TEST_F(Sen2cliLogin, IsReplacedAfterARefusal) {
  LogInWithSen2cli("cli", "x");
  const auto login = Make(WithTokenFile());
  EXPECT_EQ(Get(*login), "cli");
  EXPECT_EQ(Replace(*login, "cli"), "a1");
  EXPECT_THAT(ReadText(token_file_), HasSubstr("\"r1\""));
}

TEST_F(Sen2cliLogin, ThatIsRenewedByHandIsFound) {
  LogInWithSen2cli("cli", "x");
  const auto login = Make(WithTokenFile());
  EXPECT_EQ(Get(*login), "cli");
  clock_.Advance(seconds(400));
  LogInWithSen2cli("cli-2", "y");
  EXPECT_EQ(Get(*login), "cli-2");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

// It knows no lock.
TEST_F(Sen2cliLogin, ThatRefreshesAtTheSameMomentWinsAndItsTokenIsTaken) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(400));
  realm_.refuse_refresh = true;
  realm_.while_it_answers = [this] { LogInWithSen2cli("cli-2", "y"); };
  EXPECT_EQ(Get(*Make(WithTokenFile())), "cli-2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("x"));
  EXPECT_THAT(ReadText(token_file_), HasSubstr("cli-2"));
}

TEST_F(Sen2cliLogin, ThatHasEndedLeavesTheFileAsItWas) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(400));
  realm_.refuse_refresh = true;
  const std::string before = ReadText(token_file_);
  EXPECT_THAT(
      ErrorOf(Make(WithTokenFile())->Get()),
      FailsWith(ErrorKind::kCredentials,
                testing::AllOf(HasSubstr("has ended"), HasSubstr("sen2cli session login"))));
  EXPECT_EQ(ReadText(token_file_), before);
  EXPECT_EQ(ModeOf(token_file_), 0644U);
}

TEST_F(Sen2cliLogin, ThatHasEndedSaysWhenWithoutAskingTheServer) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(2000));
  const std::string end = IsoTimeText(clock_.EpochSeconds() - 200);
  EXPECT_THAT(ErrorOf(Make(WithTokenFile())->Get()),
              FailsWith(ErrorKind::kCredentials,
                        testing::AllOf(HasSubstr("'" + token_file_ + "' has ended at " + end),
                                       HasSubstr("sen2cli session login"))));
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(Sen2cliLogin, ThatCannotBeRenewedAndIsRefusedSaysSo) {
  Token token = MakeToken("cli", "", clock_);
  ASSERT_TRUE(TokenFile()->Write(token));
  const auto login = Make(WithTokenFile());
  EXPECT_EQ(Get(*login), "cli");
  EXPECT_THAT(Replace(*login, "cli"),
              HasSubstr("the token of the token file '" + token_file_ + "' was refused"));
}

TEST_F(Sen2cliLogin, IsKeptAsItWasWhereTheServerIsDown) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(280));
  const std::string before = ReadText(token_file_);
  const auto login = Make(WithTokenFile());
  realm_.down = -1;
  EXPECT_THAT(Get(*login), HasSubstr("/token': cannot connect"));
  EXPECT_EQ(ReadText(token_file_), before);
  realm_.down = 0;
  EXPECT_EQ(Get(*login), "a1");
}

TEST_F(Sen2cliLogin, GoesOnInMemoryWhereItCannotBeWritten) {
  LogInWithSen2cli("cli", "x");
  const auto login = Make(WithTokenFile());
  const FullDisk full;
  for (const char* expected : {"a1", "a2", "a3"}) {
    clock_.Advance(seconds(400));
    EXPECT_EQ(Get(*login), expected);
  }
  EXPECT_THAT(realm_.Asked(), ElementsAre("x", "r1", "r2"));
}

TEST_F(Sen2cliLogin, IsReadAgainInsideItsLock) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(400));
  auto others = TokenFile()->Lock();
  clock_.Meanwhile([&] {
    if (others) LogInWithSen2cli("new", "y");
    others.reset();
  });
  EXPECT_EQ(Get(*Make(WithTokenFile())), "new");
  EXPECT_THAT(realm_.Asked(), IsEmpty());
}

TEST_F(Sen2cliLogin, IsNeitherRefreshedNorWrittenWithoutItsLock) {
  LogInWithSen2cli("cli", "x");
  clock_.Advance(seconds(400));
  const std::string before = ReadText(token_file_);
  const auto hung = TokenFile()->Lock();
  ASSERT_TRUE(hung);
  EXPECT_EQ(Get(*Make(WithTokenFile(PasswordOf()))), "a1");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me"));
  EXPECT_EQ(ReadText(token_file_), before);
}

TEST_F(Sen2cliLogin, ThatWasOverwrittenWithNullIsNone) {
  WriteText(token_file_, "null", 0644);
  EXPECT_THAT(ErrorOf(Make(WithTokenFile())->Get()),
              FailsWith(ErrorKind::kCredentials,
                        testing::AllOf(HasSubstr("token file '" + token_file_ + "' is empty"),
                                       HasSubstr("sen2cli session login"))));
  EXPECT_EQ(Get(*Make(WithTokenFile(PasswordOf()))), "a1");
  EXPECT_EQ(ReadText(token_file_), "null") << "a password's token is not sen2cli's";
}

// {"iss": "https://other.example/realms/r"}
TEST_F(Sen2cliLogin, OfAnotherServerIsNeitherSentNorWritten) {
  LogInWithSen2cli("h.eyJpc3MiOiAiaHR0cHM6Ly9vdGhlci5leGFtcGxlL3JlYWxtcy9yIn0.s", "x");
  const std::string before = ReadText(token_file_);
  EXPECT_THAT(Get(*Make(WithTokenFile())),
              testing::AllOf(HasSubstr("'" + token_file_ +
                                       "' is of another server, "
                                       "'https://other.example/realms/r'"),
                             HasSubstr("S2C_AUTH_URL ('" + std::string(FakeRealm::kUrl))));
  EXPECT_EQ(Get(*Make(WithTokenFile(PasswordOf()))), "a1");
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*Make(WithTokenFile(PasswordOf()))), "a2");
  EXPECT_THAT(realm_.Asked(), ElementsAre("password me", "password me"));
  EXPECT_EQ(ReadText(token_file_), before);
}

TEST_F(Sen2cliLogin, ThatWasReadWhileItLivesGoesOnWhenItsFileIsGone) {
  LogInWithSen2cli("cli", "x");
  const auto login = Make(WithTokenFile());
  EXPECT_EQ(Get(*login), "cli");
  std::remove(token_file_.c_str());
  clock_.Advance(seconds(400));
  EXPECT_EQ(Get(*login), "a1");
}

}  // namespace
}  // namespace s2c
