// SPDX-License-Identifier: MIT
#include "client/auth/last_login.h"

#include <gmock/gmock.h>

#include "client/auth/token_store.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_realm.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class LastLoginTest : public testing::Test {
 protected:
  LastLogin Of(const std::string& auth_url = "https://auth.example/r",
               const std::string& client_id = "client") {
    return {folder_.path(), auth_url, client_id, clock_};
  }
  std::string Read() { return Of().Read().value_or("(nobody)"); }
  // The one file but its lock.
  std::string Path() const {
    const std::string names = folder_.Names();
    return folder_ / names.substr(0, names.find(' '));
  }

  FakeClock clock_;
  CapturedLog log_;
  TemporaryFolder folder_;
};

TEST_F(LastLoginTest, IsNobodysAtFirst) {
  EXPECT_EQ(Read(), "(nobody)");
  EXPECT_EQ(folder_.Names(), "");
  EXPECT_EQ(log_.Text(LogLevel::kDebug), "");
}

TEST_F(LastLoginTest, IsOfWhoWasSetLast) {
  for (const char* user : {"me", "an@example.org", "\xC3\xBC \"\\"}) {
    EXPECT_EQ(MessageOf(Of().Set(user)), "");
    EXPECT_EQ(Read(), user);
  }
  EXPECT_EQ(ModeOf(Path()), 0600U);
}

TEST_F(LastLoginTest, IsAnotherForEveryServerAndClient) {
  ASSERT_TRUE(Of().Set("me"));
  EXPECT_FALSE(Of("https://other.example/r").Read());
  EXPECT_FALSE(Of("https://auth.example/r", "other").Read());
}

TEST_F(LastLoginTest, IsClearedForWhomItNames) {
  ASSERT_TRUE(Of().Set("me"));
  EXPECT_EQ(MessageOf(Of().Clear("you")), "");
  EXPECT_EQ(Read(), "me");
  EXPECT_EQ(MessageOf(Of().Clear("me")), "");
  EXPECT_EQ(Read(), "(nobody)");
  EXPECT_EQ(MessageOf(Of().Clear("me")), "");
}

TEST_F(LastLoginTest, IsNotBelievedWhereOthersCanWriteOrReadIt) {
  ASSERT_TRUE(Of().Set("me"));
  for (const unsigned mode : {0644U, 0620U, 0602U}) {
    SetMode(Path(), mode);
    log_.Clear();
    EXPECT_EQ(Read(), "(nobody)") << mode;
    EXPECT_THAT(log_.Text(LogLevel::kDebug), HasSubstr("open to others"));
  }
}

TEST_F(LastLoginTest, IsNotBelievedWhereItIsSomebodyElses) {
  ASSERT_TRUE(Of().Set("me"));
  EXPECT_EQ(Read() == "(nobody)", GiveAway(Path()));
}

TEST_F(LastLoginTest, IsNobodysWhereTheFileIsTornOrAnother) {
  ASSERT_TRUE(Of().Set("me"));
  const std::string whole = ReadText(Path());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    WriteText(Path(), whole.substr(0, size));
    ASSERT_EQ(Read(), "(nobody)") << size;
  }
  ASSERT_TRUE(Of("https://other.example/r").Set("you"));
  // As if two keys had the same hash.
  std::string other;
  for (std::size_t at = 0; at != std::string::npos; at = folder_.Names().find(' ', at + 1)) {
    const std::string names = folder_.Names();
    const std::string name = names.substr(at ? at + 1 : 0, 21);
    if (folder_ / name != Path()) other = ReadText(folder_ / name);
    if (other.find("you") != std::string::npos) break;
  }
  WriteText(Path(), other);
  EXPECT_EQ(Read(), "(nobody)");
}

TEST_F(LastLoginTest, StaysWhatItWasWhereTheDiskIsFull) {
  ASSERT_TRUE(Of().Set("me"));
  {
    const FullDisk full;
    EXPECT_THAT(MessageOf(Of().Set("you")), HasSubstr("cannot be written"));
  }
  EXPECT_EQ(Read(), "me");
}

TEST_F(LastLoginTest, IsKeptApartFromTheTokensInItsFolder) {
  const auto store =
      TokenStore::Cache(folder_.path(), "https://auth.example/r", "client", "me", clock_);
  ASSERT_TRUE(Of().Set("me"));
  ASSERT_TRUE(store->Write(MakeToken("hidden-a", "hidden-r", clock_)));
  EXPECT_EQ(Read(), "me");
  ASSERT_TRUE(Of().Clear("me"));
  EXPECT_TRUE(store->Read());
}

}  // namespace
}  // namespace s2c
