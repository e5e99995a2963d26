// SPDX-License-Identifier: MIT
#include "client/base/xml.h"

#include <gmock/gmock.h>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

TEST(CheckXml, TakesWhatIsWellFormed) {
  for (const char* text :
       {"<xml/>", "<?xml version='1.0'?>\n<a b='c'>&lt;ä</a>\n",
        "<xml xmlns=\"https://developers.google.com/blockly/xml\"><block/></xml>"})
    EXPECT_EQ(MessageOf(CheckXml(text)), "") << text;
}

TEST(CheckXml, SaysWhereATextIsNot) {
  for (const char* text : {"", " ", "<a>", "<a></b>", "<a/><b/>", "{\"a\": 1}", "<a b=c/>",
                           "<a>&nosuch;</a>", "<a>\xff</a>"})
    EXPECT_EQ(ErrorOf(CheckXml(text)).kind, ErrorKind::kInvalidInput) << text;
  EXPECT_THAT(ErrorOf(CheckXml("<a>\n<b>\n</a>")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("line 3: mismatched tag")));
}

TEST(CheckXml, FollowsNothingThatATextNames) {
  EXPECT_THAT(ErrorOf(CheckXml("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("document type")));
}

}  // namespace
}  // namespace s2c
