// SPDX-License-Identifier: MIT
#include "client/base/shown_text.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

constexpr const char* kBad = "\xEF\xBF\xBD";

TEST(ValidText, IsLeftAsItIs) {
  const std::string text = "a\n\x1b Grün \xE6\xBC\xA2 \xF0\x9F\x8C\x8D";
  EXPECT_EQ(ValidUtf8(text), text);
  EXPECT_EQ(ValidUtf8(""), "");
}

TEST(ValidText, HasAReplacementForEachByteThatIsNoCharacters) {
  for (const char* bad : {"\x80", "\xC3", "\xFF", "\xF5"})
    EXPECT_EQ(ValidUtf8("a" + std::string(bad) + "b"), "a" + std::string(kBad) + "b") << bad;
  // Longer than needed, a surrogate, beyond the last one, cut off.
  for (const char* bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF0\x9F\x8C", "\xE6\xBC"}) {
    const std::string valid = ValidUtf8(bad);
    EXPECT_EQ(valid.size(), 3 * std::string(bad).size()) << bad;
    EXPECT_EQ(valid.substr(0, 3), kBad);
  }
}

TEST(TextThatIsShown, HasBlanksInPlaceOfWhatATerminalActsOn) {
  EXPECT_EQ(ShownText("a\x1b[2Jb\tc\nd\x7f"), "a [2Jb c d ");
  EXPECT_EQ(ShownText("a\xC2\x9B"
                      "31m"),
            "a 31m");  // CSI in 8 bits
  EXPECT_EQ(ShownText("a\x9B"
                      "b"),
            "a" + std::string(kBad) + "b");
  for (const char* mark :
       {"\xE2\x80\xAE", "\xE2\x80\xA8", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xD8\x9C", "\xEF\xBB\xBF"})
    EXPECT_EQ(ShownText(mark), " ") << mark;
  EXPECT_EQ(ShownText(std::string("a\0b", 3)), "a b");
}

TEST(FirstOfAText, IsShownOrNot) {
  EXPECT_EQ(FirstShown("ab"), 1U);
  EXPECT_EQ(FirstShown("\xC3\xBC"), 2U);
  for (const char* first : {"\x1b[", "\xC2\x9B", "\x9B", "\xE2\x80\xAE", "\xE2\x80"})
    EXPECT_EQ(FirstShown(first), 0U) << first;
}

TEST(WidthOfAText, CountsWhatATerminalTakesForIt) {
  EXPECT_EQ(ShownWidth("Grün"), 4U);
  EXPECT_EQ(ShownWidth("Gru\xCC\x88n"), 4U);
  EXPECT_EQ(ShownWidth("\xE6\xBC\xA2\xE5\xAD\x97"), 4U);
  EXPECT_EQ(ShownWidth("\xF0\x9F\x8C\x8D"), 2U);
}

TEST(TextThatIsCut, IsNoWiderThanWhatThereIs) {
  EXPECT_EQ(CutToWidth("Grün", 4), "Grün");
  EXPECT_EQ(CutToWidth("Grüne", 4), "Grü\xE2\x80\xA6");
  EXPECT_EQ(CutToWidth("\xE6\xBC\xA2\xE5\xAD\x97", 3), "\xE6\xBC\xA2\xE2\x80\xA6");
  EXPECT_EQ(CutToWidth("\xE6\xBC\xA2\xE5\xAD\x97", 2), "\xE2\x80\xA6");
  EXPECT_EQ(CutToWidth("abc", 0), "");
}

}  // namespace
}  // namespace s2c
