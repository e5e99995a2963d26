// SPDX-License-Identifier: MIT
#include "client/auth/token_store.h"

#include <gmock/gmock.h>

#include "tests/unit/auth/token_store_fixture.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

TEST_F(TokenStoreTest, ReadsWhatWasWritten) {
  for (const auto& store : {Cache(), File()}) {
    ASSERT_TRUE(Write(*store));
    EXPECT_EQ(Read(*store), "hidden-a hidden-r");
    EXPECT_TRUE(store->Read()->IsFresh(clock_.Now()));
    EXPECT_EQ(ModeOf(store->path()), 0600U);
  }
  EXPECT_EQ(ModeOf(cache_folder_), 0700U);
  EXPECT_EQ(ModeOf(folder_ / "a"), 0700U);
}

TEST_F(TokenStoreTest, KeepsThePasswordsDigestInTheCacheAlone) {
  Token token = MakeToken("a", "r", clock_);
  for (const char* digest : {"$y$salt$one", ""}) {
    token.password_digest = digest;
    for (const auto& store : {Cache(), File()}) {
      const auto lock = store->Lock();
      ASSERT_TRUE(lock && store->Write(token));
    }
    EXPECT_EQ(Cache()->Read().value_or(Token()).password_digest, digest);
    EXPECT_THAT(ReadText(token_file_), Not(HasSubstr("s2c_")));
  }
  // A token file may be a copy of the cache's.
  token.password_digest = "$y$salt$two";
  ASSERT_TRUE(Cache()->Write(token));
  WriteText(token_file_, ReadText(Cache()->path()));
  EXPECT_EQ(File()->Read().value_or(Token()).password_digest, "");
}

TEST_F(TokenStoreTest, LeavesATokenAloneThatNoHeaderCanHold) {
  for (const auto& store : {Cache(), File()}) {
    ASSERT_TRUE(Write(*store));
    std::string content = ReadText(store->path());
    content.insert(content.find("hidden-a"), R"(\r\nX-Evil: 1)");
    WriteText(store->path(), content);
    EXPECT_THAT(Complaint(*store), HasSubstr("left alone"));
  }
}

TEST_F(TokenStoreTest, HasNothingToReadBeforeTheFirstWrite) {
  EXPECT_THAT(Complaint(*Cache()), HasSubstr("no stored token"));
  EXPECT_EQ(folder_.Names(), "") << "reading makes nothing";
}

TEST_F(TokenStoreTest, LeavesNoFileButItsOwnAndTheLock) {
  ASSERT_TRUE(Write(*File()));
  ASSERT_TRUE(Write(*File()));
  EXPECT_EQ(folder_.Names(), "token.json token.json.lock");
}

TEST_F(TokenStoreTest, HasAFileForEachServerClientAndUser) {
  const auto store = Cache();
  EXPECT_EQ(store->path(), Cache()->path());
  EXPECT_NE(store->path(), Cache("you")->path());
  EXPECT_NE(store->path(), Cache("me", "https://other.example/r")->path());
  EXPECT_NE(store->path(), Cache("me", kAuthUrl, "other")->path());
}

TEST_F(TokenStoreTest, HasAPlainFileNameForAnyUser) {
  for (const char* user : {"../../etc/passwd", "a/b", "", "\xC3\xBC \n", "an@example.org"}) {
    const auto store = Cache(user);
    const std::string name = store->path().substr(cache_folder_.size() + 1);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), name.find(".json")) << name;
    EXPECT_EQ(name.size(), 21U) << name;
    ASSERT_TRUE(Write(*store));
    EXPECT_EQ(Read(*store), "hidden-a hidden-r") << user;
  }
}

TEST_F(TokenStoreTest, LeavesAloneWhatHasOtherLabels) {
  const auto mine = Cache("me");
  const auto yours = Cache("you");
  ASSERT_TRUE(Write(*yours));
  // As if two keys had the same hash.
  WriteText(mine->path(), ReadText(yours->path()));
  EXPECT_THAT(Complaint(*mine), HasSubstr("not a token file of this user"));
  ASSERT_TRUE(Write(*File()));
  WriteText(mine->path(), ReadText(token_file_));
  EXPECT_THAT(Complaint(*mine), HasSubstr("not a token file of this user"));
}

TEST_F(TokenStoreTest, HasNothingLeftWhenItsTokenIsRemoved) {
  ASSERT_TRUE(Write(*Cache("me")));
  ASSERT_TRUE(Write(*Cache("you")));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(Cache("me")->Remove());
  EXPECT_EQ(Read(*Cache("me")), "(none)");
  EXPECT_EQ(Read(*Cache("you")), "hidden-a hidden-r");
}

TEST_F(TokenStoreTest, TakesNothingFromAnotherUsersFileWhenItWrites) {
  const auto mine = Cache("me");
  const auto yours = Cache("you");
  ASSERT_TRUE(Write(*yours, "your-token"));
  WriteText(mine->path(), ReadText(yours->path()));
  ASSERT_TRUE(Write(*mine, "mine"));
  EXPECT_EQ(Read(*mine), "mine hidden-r");
  EXPECT_THAT(ReadText(mine->path()), Not(HasSubstr("you")));
}

TEST_F(TokenStoreTest, LeavesACacheAloneThatOthersCanReadOrWrite) {
  const auto store = Cache();
  ASSERT_TRUE(Write(*store));
  for (const unsigned mode : {0644U, 0640U, 0604U, 0620U, 0666U}) {
    SetMode(store->path(), mode);
    EXPECT_THAT(Complaint(*store),
                AllOf(HasSubstr("left alone"), HasSubstr(HowToMakePrivate(store->path()))))
        << mode;
  }
}

TEST_F(TokenStoreTest, ReadsATokenFileThatOthersCanRead) {
  ASSERT_TRUE(Write(*File()));
  SetMode(token_file_, 0644);
  EXPECT_EQ(Read(*File()), "hidden-a hidden-r");
  ASSERT_TRUE(Write(*File()));
  EXPECT_EQ(ModeOf(token_file_), 0600U) << "and closes it";
}

// Only root can give a file away; for anybody else there is no such file to make.
TEST_F(TokenStoreTest, LeavesSomebodyElsesFileAlone) {
  for (const auto& store : {Cache(), File()}) {
    ASSERT_TRUE(Write(*store));
    const std::string before = ReadText(store->path());
    const bool foreign = GiveAway(store->path());
    EXPECT_EQ(foreign, CanGiveAway());
    EXPECT_EQ(Read(*store), foreign ? "(none)" : "hidden-a hidden-r");
    EXPECT_EQ(Write(*store, "new"), !foreign);
    EXPECT_EQ(ReadText(store->path()) == before, foreign);
  }
}

TEST_F(TokenStoreTest, LeavesTornFilesAlone) {
  for (const auto& store : {Cache(), File()}) {
    ASSERT_TRUE(Write(*store));
    const std::string whole = ReadText(store->path());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      WriteText(store->path(), whole.substr(0, size));
      ASSERT_EQ(Read(*store), "(none)") << size;
    }
    EXPECT_THAT(Complaint(*store), HasSubstr("not a token file"));
    ASSERT_TRUE(Write(*store, "new"));
    EXPECT_EQ(Read(*store), "new hidden-r");
  }
}

// {"iss": "https://other.example/realms/r"}
constexpr const char* kOfAnotherServer =
    "hidden.eyJpc3MiOiAiaHR0cHM6Ly9vdGhlci5leGFtcGxlL3JlYWxtcy9yIn0.hidden";

TEST_F(TokenStoreTest, LeavesATokenFileOfAnotherServerAlone) {
  ASSERT_TRUE(Write(*File(), kOfAnotherServer));
  EXPECT_THAT(Complaint(*File()), HasSubstr("another server"));
}

// Its labels say whose it is; inside a network a server may be known by another name.
TEST_F(TokenStoreTest, BelievesTheCacheWhoseTokensItHolds) {
  ASSERT_TRUE(Write(*Cache(), kOfAnotherServer));
  EXPECT_TRUE(Cache()->Read());
}

TEST_F(TokenStoreTest, LeavesAFileAloneThatIsTooLarge) {
  ASSERT_TRUE(Write(*File()));
  WriteText(token_file_, ReadText(token_file_) + std::string(std::size_t{1} << 20, ' '));
  EXPECT_THAT(Complaint(*File()), HasSubstr("too large"));
}

TEST_F(TokenStoreTest, LeavesAloneWhatIsNoFile) {
  ASSERT_TRUE(MakePrivateFolder(token_file_));
  EXPECT_THAT(Complaint(*File()), HasSubstr("not a file"));
  EXPECT_FALSE(Write(*File()));
}

TEST_F(TokenStoreTest, KeepsTheOldFileWhereTheDiskIsFull) {
  ASSERT_TRUE(Write(*File()));
  const std::string before = ReadText(token_file_);
  log_.Clear();
  {
    const FullDisk full(50);
    EXPECT_FALSE(Write(*File(), "new"));
  }
  EXPECT_EQ(ReadText(token_file_), before);
  EXPECT_EQ(folder_.Names(), "token.json token.json.lock");
  EXPECT_THAT(
      log_.Text(LogLevel::kDebug),
      AllOf(HasSubstr("in memory only"), HasSubstr(FullDiskReason()), Not(HasSubstr("hidden"))));
}

TEST_F(TokenStoreTest, IsLockedByOneAtATime) {
  for (const auto& store : {Cache(), File()}) {
    auto lock = store->Lock();
    ASSERT_TRUE(lock);
    EXPECT_FALSE(store->Lock());
    lock.reset();
    EXPECT_TRUE(store->Lock());
  }
}

TEST_F(TokenStoreTest, OfTwoUsersHasTwoLocks) {
  const auto mine = Cache("me")->Lock();
  const auto before = clock_.Now();
  EXPECT_TRUE(Cache("you")->Lock());
  EXPECT_EQ(clock_.Now(), before) << "without waiting";
}

TEST_F(TokenStoreTest, WaitsForAHungHolderNoLongerThanThirtySeconds) {
  const auto hung = File()->Lock();
  const auto before = clock_.Now();
  log_.Clear();
  EXPECT_FALSE(File()->Lock());
  EXPECT_GE(clock_.Now() - before, seconds(30));
  EXPECT_LE(clock_.Now() - before, seconds(31));
  EXPECT_THAT(log_.Text(LogLevel::kDebug), HasSubstr("cannot be locked"));
}

TEST_F(TokenStoreTest, HasNoLockInAFolderThatIsOpenToOthers) {
  ASSERT_TRUE(MakePrivateFolder(cache_folder_));
  SetMode(cache_folder_, 0750);
  log_.Clear();
  EXPECT_FALSE(Cache()->Lock());
  EXPECT_THAT(log_.Text(LogLevel::kDebug),
              AllOf(HasSubstr("closed to others"), HasSubstr("memory only")));
}

TEST_F(TokenStoreTest, HasNoLockWhereNoFolderCanBe) {
  WriteText(folder_ / "a", "a file");
  EXPECT_FALSE(Cache()->Lock());
  EXPECT_FALSE(TokenStore::TokenFile(folder_ / "nowhere/token.json", kAuthUrl, clock_)->Lock());
}

}  // namespace
}  // namespace s2c
