// SPDX-License-Identifier: MIT
#include "vsi/file_names.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(EncodeFileName, EncodesWhatSomeSystemCannotHold) {
  EXPECT_EQ(EncodeFileName("/\\:*?\"<>|%"), "%2F%5C%3A%2A%3F%22%3C%3E%7C%25");
  EXPECT_EQ(EncodeFileName("a\n\x7f\x01"), "a%0A%7F%01");
}

TEST(EncodeFileName, EncodesWhatATerminalActsOn) {
  EXPECT_EQ(EncodeFileName("a\xC2\x9B"
                           "31m\x1b[2J"),
            "a%C2%9B31m%1B[2J");
  EXPECT_EQ(EncodeFileName("\xE2\x80\xAE"
                           "ffit.exe"),
            "%E2%80%AEffit.exe");
  EXPECT_EQ(EncodeFileName("\x9B\xC3\xBC\xFF"), "%9B\xC3\xBC%FF");
}

TEST(EncodeFileName, EncodesDotsThatMeanAFolder) {
  EXPECT_EQ(EncodeFileName("."), "%2E");
  EXPECT_EQ(EncodeFileName(".."), "%2E%2E");
}

TEST(EncodeFileName, EncodesDotsThatCopyingPassesOver) {
  // `gdal vsi copy` takes whatever begins with two dots for a folder.
  EXPECT_EQ(EncodeFileName("..."), "%2E%2E%2E");
  EXPECT_EQ(EncodeFileName("..x..y"), "%2E%2Ex..y");
}

TEST(EncodeFileName, EncodesDevicesOfWindows) {
  EXPECT_EQ(EncodeFileName("CON"), "%43ON");
  EXPECT_EQ(EncodeFileName("nul.txt"), "%6Eul.txt");
  EXPECT_EQ(EncodeFileName("Lpt9 .a.b"), "%4Cpt9 .a.b");
  EXPECT_EQ(EncodeFileName("com\xC2\xB9"), "%63om\xC2\xB9");
  for (const char* name : {"CONE", "com", "com10", "comx", "aux_2", "a.nul", "lpt\xC2\xB4"})
    EXPECT_EQ(EncodeFileName(name), name);
}

TEST(EncodeFileName, KeepsAllElse) {
  for (const char* name : {"", ".x", "x..", " a b ", "Gr\xC3\xBCn", "a&b=c;d,e+f@g#h~!'()[]{}^`$"})
    EXPECT_EQ(EncodeFileName(name), name);
}

TEST(FileNames, PutsANumberBetweenStemAndExtension) {
  FileNames names;
  EXPECT_EQ(names.Take("a", ".tiff"), "a.tiff");
  EXPECT_EQ(names.Take("a", ".tiff"), "a (2).tiff");
  EXPECT_EQ(names.Take("a", ".csv"), "a.csv");
  EXPECT_EQ(names.Take("A", ".TIFF"), "A (3).TIFF");
  EXPECT_EQ(names.Take("a (2)", ".tiff"), "a (2) (2).tiff");
}

// Minutes, where every name is tried from the first on.
TEST(FileNames, AreFoundInTimeForManyTwins) {
  FileNames names;
  for (int i = 1; i < 20000; ++i) names.Take("a", ".csv");
  EXPECT_EQ(names.Take("a", ".csv"), "a (20000).csv");
}

TEST(FileNames, TellCaseApartInNoAlphabetOfEurope) {
  FileNames names;
  EXPECT_EQ(names.Take("\xC3\x84nderung", ""), "\xC3\x84nderung");
  EXPECT_EQ(names.Take("\xC3\xA4nderung", ""), "\xC3\xA4nderung (2)");
  EXPECT_EQ(names.Take("\xC3\xB6nderung", ""), "\xC3\xB6nderung");
}

TEST(FileNames, EncodeABlankOrADotAtTheEnd) {
  FileNames names;
  EXPECT_EQ(names.Take("a.", ""), "a%2E");
  EXPECT_EQ(names.Take("a ", ""), "a%20");
  EXPECT_EQ(names.Take("a.", ".csv"), "a..csv") << "that is not the end";
  EXPECT_EQ(names.Take(" ", ".csv"), " .csv");
  EXPECT_EQ(names.Take("b", ". "), "b.%20");
}

TEST(FileNames, FitIntoAFileSystem) {
  FileNames names;
  const std::string first = names.Take(std::string(300, 'x'), ".tiff");
  EXPECT_EQ(first, std::string(245, 'x') + ".tiff");
  EXPECT_EQ(names.Take(std::string(300, 'x'), ".tiff"), std::string(241, 'x') + " (2).tiff");
  EXPECT_LE(names.Take("y", "." + std::string(300, '/')).size(), 255U);
}

TEST(FileNames, AreCutNeitherInACharacterNorInAnEscape) {
  FileNames names;
  EXPECT_EQ(names.Take(Repeated("\xF0\x9F\x8C\x8D", 100), ".tiff"),
            Repeated("\xF0\x9F\x8C\x8D", 61) + ".tiff");
  for (int blanks = 0; blanks < 3; ++blanks) {
    const std::string start(static_cast<std::size_t>(blanks), 'a');
    EXPECT_EQ(names.Take(start + std::string(200, ':'), ".tiff"),
              start + Repeated("%3A", (245 - blanks) / 3) + ".tiff");
  }
}

TEST(FileNames, AreCutSoThatTheirEndIsNoBlank) {
  FileNames names;
  const std::string name = names.Take(std::string(249, 'x') + " y", "");
  EXPECT_EQ(name, std::string(249, 'x') + "%20");
}

TEST(FoldCase, TakesCapitalsForSmallLetters) {
  EXPECT_EQ(FoldCase("AbZ 1"), "abz 1");
  EXPECT_EQ(FoldCase("\xC3\x84\xC3\x96\xC3\x9C\xC3\x9E"), "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xBE");
  EXPECT_EQ(FoldCase("\xC4\x8C\xC5\xA0\xC5\xBD\xC5\x81"), "\xC4\x8D\xC5\xA1\xC5\xBE\xC5\x82");
  EXPECT_EQ(FoldCase("\xCE\x91\xCE\xA9"), "\xCE\xB1\xCF\x89");
  EXPECT_EQ(FoldCase("\xD0\x90\xD0\xA0\xD0\xAF\xD0\x81"), "\xD0\xB0\xD1\x80\xD1\x8F\xD1\x91");
}

TEST(FoldCase, KeepsAllElse) {
  for (const char* text : {"", "abc", "\xC3", "\xC3\x9F\xC3\xB7\xC3\x97\xC5\x9F\xC5\x82",
                           "\xE2\x82\xAC\xF0\x9F\x8C\x8D", "\xC4\xB1\xC5\x89\xC4\xB8"})
    EXPECT_EQ(FoldCase(text), text);
}

}  // namespace
}  // namespace s2c
