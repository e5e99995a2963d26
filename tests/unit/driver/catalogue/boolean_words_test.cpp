// SPDX-License-Identifier: MIT
#include "driver/catalogue/boolean_words.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

std::string Without(const char* sql) { return WithoutBooleanWords(sql, {"favourite", "online"}); }

TEST(BooleanWords, TrueAndFalseAreNumbersInAnyCase) {
  EXPECT_EQ(Without("favourite = true"), "favourite = 1");
  EXPECT_EQ(Without("favourite=TRUE AND NOT online<>False"), "favourite=1 AND NOT online<>0");
  EXPECT_EQ(Without("favourite IN (TRUE, false)"), "favourite IN (1, 0)");
  EXPECT_EQ(Without("SELECT * FROM inference i WHERE i.favourite = true"),
            "SELECT * FROM inference i WHERE i.favourite = 1");
}

TEST(BooleanWords, TextsAreNumbersWhereABooleanIsComparedWithThem) {
  EXPECT_EQ(Without("favourite = 'true'"), "favourite = 1");
  EXPECT_EQ(Without("\"Favourite\" <> 'FALSE'"), "\"Favourite\" <> 0");
  EXPECT_EQ(Without("'true' != favourite"), "1 != favourite");
  EXPECT_EQ(Without("favourite in ('true','false')"), "favourite in (1,0)");
  EXPECT_EQ(Without("favourite NOT IN ('x', 'false')"), "favourite NOT IN ('x', 0)");
}

TEST(BooleanWords, WhatIsNoBooleanStays) {
  for (const char* sql :
       {"", "'", "\"", "favourite", "comment = 'true'", "comment IN ('true', 'false')", "'true'",
        "comment = 'it''s true'", "comment = 'favourite = true'", "comment = 'favourite = \\'true'",
        "\"true\" = 1", "truest = 1 AND untrue = 2 AND true_ = 3", "comment LIKE '%true%'",
        "(favourite) AND (comment) = ('true')", "comment = \"a\"\"b\" OR x = 'true"})
    EXPECT_EQ(Without(sql), sql);
}

}  // namespace
}  // namespace s2c
