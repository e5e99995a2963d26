// SPDX-License-Identifier: MIT
#include "client/base/text.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

TEST(WithoutLineEnds, TakesThemOff) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},           {"x", "x"},         {"x\n", "x"},   {"x\r\n", "x"}, {"x\n\n", "x"},
      {"x\r\n\r\n", "x"}, {"x\ny\n", "x\ny"}, {"\nx", "\nx"}, {" x ", " x "}, {"\n", ""}};
  for (const auto& [text, without] : cases) EXPECT_EQ(WithoutLineEnds(text), without);
}

TEST(HasControl, IsTrueOfWhatEndsAHeader) {
  for (const char* text : {"a\r\nb", "a\n", "\ra", "a\tb", "\x7f", "\x1b[0m"})
    EXPECT_TRUE(HasControl(text)) << text;
  EXPECT_TRUE(HasControl(std::string_view("a\0b", 3)));
  for (const char* text : {"", "a b", "\xC3\xBC~", "\xC2\x85"})
    EXPECT_FALSE(HasControl(text)) << text;
}

TEST(LowerCase, ChangesAsciiLettersOnly) {
  EXPECT_EQ(LowerCase("AZaz09-[@`{"), "azaz09-[@`{");
  EXPECT_EQ(LowerCase("\xC3\x84"), "\xC3\x84");
}

TEST(EqualIgnoringCase, ComparesWholeTexts) {
  EXPECT_TRUE(EqualIgnoringCase("GeoTIFF", "geotiff"));
  EXPECT_TRUE(EqualIgnoringCase("", ""));
  EXPECT_FALSE(EqualIgnoringCase("geotiff", "geotif"));
  EXPECT_FALSE(EqualIgnoringCase("geotif", "geotiff"));
  EXPECT_FALSE(EqualIgnoringCase("[", "{")) << "0x20 apart, as letters of two cases are";
}

TEST(Trim, TakesBlanksFromBothEnds) {
  EXPECT_EQ(Trim(" \t\r\na b\v\f "), "a b");
  EXPECT_EQ(Trim("   "), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(ParseUnsigned, TakesDigits) {
  EXPECT_EQ(ParseUnsigned("0"), 0U);
  EXPECT_EQ(ParseUnsigned("007"), 7U);
  EXPECT_EQ(ParseUnsigned("18446744073709551615"), UINT64_MAX);
}

TEST(ParseUnsigned, RefusesAllElse) {
  for (const char* text : {"", " ", "-1", "+1", "-0", " 1", "1 ", "1.0", "1e3", "0x10", "x",
                           "18446744073709551616", "99999999999999999999"})
    EXPECT_FALSE(ParseUnsigned(text)) << "'" << text << "'";
}

TEST(OneLine, MakesBlanksOfControlCharacters) {
  EXPECT_EQ(OneLine("  a\r\nb\tc\x1b[31m\x7f-  "), "a  b c [31m -");
  EXPECT_EQ(OneLine(std::string_view("a\0b", 3)), "a b");
}

TEST(OneLine, LeavesWhatFits) {
  EXPECT_EQ(OneLine("12345", 5), "12345");
  EXPECT_EQ(OneLine("Gr\xC3\xBCn"), "Gr\xC3\xBCn");
}

TEST(OneLine, CutsAtTheLimit) {
  EXPECT_EQ(OneLine("123456", 5), "12345...");
  EXPECT_EQ(OneLine(std::string(1000, 'x')), std::string(300, 'x') + "...");
}

TEST(OneLine, CutsBetweenCharacters) {
  EXPECT_EQ(OneLine("ab\xE2\x82\xAC"
                    "c",
                    3),
            "ab...");
  EXPECT_EQ(OneLine("ab\xE2\x82\xAC"
                    "c",
                    4),
            "ab...");
  EXPECT_EQ(OneLine("ab\xE2\x82\xAC"
                    "c",
                    5),
            "ab\xE2\x82\xAC...");
}

TEST(OneLine, EndsOnTextThatIsNoUtf8) { EXPECT_EQ(OneLine(std::string(10, '\x80'), 5), "..."); }

TEST(UserText, LeavesOutWhatQgisPutsBehindAName) {
  EXPECT_EQ(UserText("S2C:1:x|option:PASSWORD=sesame"), "S2C:1:x|...");
  EXPECT_EQ(UserText("S2C:1|layername=x|Option:PASSWORD=sesame|option:A=b"),
            "S2C:1|layername=x|...");
  EXPECT_EQ(UserText("/vsis2c/1/x|credential:S2C_PASSWORD=sesame"), "/vsis2c/1/x|...");
  EXPECT_EQ(UserText("|option:PASSWORD=sesame"), "|...");
}

TEST(UserText, LeavesOutTheUserOfAnAddress) {
  EXPECT_EQ(UserText("https://demo:sesame@a.example/v1"), "https://***@a.example/v1");
  EXPECT_EQ(UserText("https://demo:ses/ame@a.example/v1"), "https://***@a.example/v1");
  EXPECT_EQ(UserText("https://demo:ses@me@a.example/v1"), "https://***@a.example/v1");
  EXPECT_EQ(UserText("https://demo:sesame/v1"), "https://demo:***/v1");
  EXPECT_EQ(UserText("S2C:https://demo:sesame@a.example"), "S2C:https://***@a.example");
}

TEST(UserText, LeavesAllElse) {
  for (const char* text : {"S2C:1:a|b", "S2C:1:me@home", "https://a.example:8443/v1", "S2C:1:a:b",
                           "https://[::1]/v1", "https://[::1]:8443/v1", "x|y@z", "://", "a://b:"})
    EXPECT_EQ(UserText(text), std::string(text) == "a://b:" ? "a://b:***" : text);
  EXPECT_EQ(UserText("123456", 5), "12345...");
}

// The vectors of http://www.isthe.com/chongo/tech/comp/fnv/.
TEST(Fingerprint, IsFnv1a) {
  EXPECT_EQ(Fingerprint(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(Fingerprint("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(Fingerprint("foobar"), 0x85944171f73967e8ULL);
}

TEST(Fingerprint, TakesEveryByteAsItIs) {
  EXPECT_NE(Fingerprint(std::string_view("a\0", 2)), Fingerprint("a"));
  EXPECT_NE(Fingerprint("\xFF"), Fingerprint("\x7F"));
  EXPECT_NE(Fingerprint("ab"), Fingerprint("ba"));
}

}  // namespace
}  // namespace s2c
