// SPDX-License-Identifier: MIT
#include "client/auth/password.h"

#include <gmock/gmock.h>

#include <utility>

#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace)
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kPassword = "p\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80";  // of 1 to 4 bytes

TEST(TidyPassword, TakesOffWhatEditorsShellsAndPastingLeave) {
  const std::pair<std::string, std::string> cases[] = {{"pw", "pw"},
                                                       {"pw\n", "pw"},
                                                       {"pw\r\n", "pw"},
                                                       {"pw\n\n", "pw"},
                                                       {"pw\r\n\r\n", "pw"},
                                                       {"\xEF\xBB\xBFpw\r\n", "pw"},
                                                       {"\n", ""},
                                                       {"\xEF\xBB\xBF", ""},
                                                       {"", ""},
                                                       {"\xFF\xFEp\0w\0"s, "pw"},
                                                       {"\xFF\xFEp\0w\0\r\0\n\0"s, "pw"},
                                                       {"\xFE\xFF\0p\0w\0\n"s, "pw"}};
  for (const auto& [text, password] : cases)
    EXPECT_EQ(TidyPassword(text), Secret(password)) << text;
}

TEST(TidyPassword, TakesNothingElseOff) {
  for (const char* text : {" pw ", "\tpw", "\"pw\"", "p\nw", "\npw", "p\xEF\xBB\xBFw", "\xFFpw"})
    EXPECT_EQ(TidyPassword(text), Secret(text));
}

TEST(TidyPassword, ReadsEveryCharacterOfUtf16) {
  EXPECT_EQ(TidyPassword("\xFF\xFEp\0\xFC\0\xAC\x20\x3D\xD8\x00\xDE\n\0"s), Secret(kPassword));
  EXPECT_EQ(TidyPassword("\xFE\xFF\0p\0\xFC\x20\xAC\xD8\x3D\xDE\x00\0\n"s), Secret(kPassword));
  EXPECT_EQ(TidyPassword("\xFF\xFEp\0w"s), Secret("p")) << "half a character";
}

TEST(PasswordFile, HoldsThePasswordAndWhoElseCanReadIt) {
  const TemporaryFolder folder;
  WriteText(folder / "mine", "\xEF\xBB\xBFpw\n\n");
  WriteText(folder / "ours", "pw", 0644);
  for (const char* name : {"mine", "ours"}) {
    const auto file = ReadPasswordFile(folder / name);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->password, Secret("pw"));
    EXPECT_EQ(file->is_readable, name == "ours"s);
  }
}

TEST(PasswordFile, InUtf16WithoutAMarkIsNamedAsThat) {
  const TemporaryFolder folder;
  WriteText(folder / "password", "h\0i\0d\0"s);
  EXPECT_THAT(ErrorOf(ReadPasswordFile(folder / "password")),
              FailsWith(ErrorKind::kCredentials,
                        AllOf(HasSubstr("'" + (folder / "password") + "'"), HasSubstr("UTF-16"),
                              HasSubstr("UTF-8"), Not(HasSubstr("h\0i"s)))));
}

TEST(LikelyMistake, IsNamedWhereThereIsOne) {
  const std::pair<const char*, const char*> cases[] = {
      {"pw ", "blank"},    {"\tpw", "blank"},  {"user\npw", "one line"}, {"\npw", "one line"},
      {"p\xFCw", "UTF-8"}, {"p\xC3", "UTF-8"}, {"\"pw\"", "quotation"},  {"'pw'", "quotation"}};
  for (const auto& [password, mistake] : cases)
    EXPECT_THAT(LikelyMistake(Secret(password)), HasSubstr(mistake)) << password;
}

TEST(LikelyMistake, IsNoneOfAPasswordLikeOthers) {
  for (const char* password : {"", "pw", "a b", "\"", "\"pw", "it's", kPassword})
    EXPECT_EQ(LikelyMistake(Secret(password)), "") << password;
}

}  // namespace
}  // namespace s2c
