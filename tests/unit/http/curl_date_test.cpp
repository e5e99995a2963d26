// SPDX-License-Identifier: MIT
#include "client/http/curl_date.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

TEST(HttpDate, IsReadInEachOfItsForms) {
  // RFC 9110, section 5.6.7.
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(ParseHttpDate(text), 784111777) << text;
}

TEST(HttpDate, OfAFarYearIsRead) {
  EXPECT_EQ(ParseHttpDate("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799);
}

TEST(HttpDate, IsNothingElse) {
  for (const char* text :
       {"", " ", "soon", "-5", "1994", "19941106", "08:49:37", "Sun, 06 Nov 1994",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun: 6", "Sunday",
        "06 Nov 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT"})
    EXPECT_FALSE(ParseHttpDate(text)) << text;
}

}  // namespace
}  // namespace s2c
