// SPDX-License-Identifier: MIT
// What url.h joins from two parts; apart from url_test.cpp for the length of it.
#include <gtest/gtest.h>

#include <utility>

#include "client/base/url.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MakeUrl;
using testing_support::MessageOf;

std::string Resolved(const std::string& base, const std::string& reference) {
  const auto url = ResolveReference(MakeUrl(base), reference);
  return url ? url->ToString() : "refused: " + url.error().message;
}

constexpr const char* kBase = "https://a.example:8443/v1/inference?sort=-id";

TEST(ResolveReference, TakesAnAbsoluteOneAsItIs) {
  EXPECT_EQ(Resolved(kBase, "https://b.example/x?y"), "https://b.example/x?y");
  EXPECT_EQ(Resolved(kBase, "http://a.example/x"), "http://a.example/x");
}

TEST(ResolveReference, TakesTheSchemeForOneThatBeginsWithTwoSlashes) {
  EXPECT_EQ(Resolved(kBase, "//b.example:99/x"), "https://b.example:99/x");
  EXPECT_EQ(Resolved("http://a.example/", "//b.example/x"), "http://b.example/x");
}

TEST(ResolveReference, KeepsHostAndPortForARootedPath) {
  EXPECT_EQ(Resolved(kBase, "/x/y?z=1"), "https://a.example:8443/x/y?z=1");
  EXPECT_EQ(Resolved("https://[::1]:9/x", "/y"), "https://[::1]:9/y");
}

TEST(ResolveReference, ReplacesTheLastSegmentForARelativePath) {
  EXPECT_EQ(Resolved(kBase, "factbase"), "https://a.example:8443/v1/factbase");
  EXPECT_EQ(Resolved(kBase, "../v2/x"), "https://a.example:8443/v2/x");
  EXPECT_EQ(Resolved(kBase, "../../../../x"), "https://a.example:8443/x");
  EXPECT_EQ(Resolved(kBase, "./x:y"), "https://a.example:8443/v1/x:y");
}

TEST(ResolveReference, ReplacesTheQueryAlone) {
  EXPECT_EQ(Resolved(kBase, "?page=2"), "https://a.example:8443/v1/inference?page=2");
}

TEST(ResolveReference, TakesAColonInTheQueryForNoScheme) {
  EXPECT_EQ(Resolved(kBase, "x?at=12:30"), "https://a.example:8443/v1/x?at=12:30");
}

TEST(ResolveReference, RefusesWhatIsNoUsableUrl) {
  const Url base = MakeUrl(kBase);
  for (const char* reference :
       {"ftp://b.example/", "javascript:alert(1)", "https://u@b.example/", "//u:p@b.example/",
        "/x\\y", "/x\r\nSet-Cookie: a", "//", "file:///etc/passwd"}) {
    SCOPED_TRACE(reference);
    EXPECT_THAT(ErrorOf(ResolveReference(base, reference)),
                FailsWith(ErrorKind::kInvalidInput, HasSubstr("not a usable URL")));
  }
}

std::string ResultOf(const std::string& uri, const std::string& data) {
  const auto url = ResultUrl(MakeUrl(uri), data);
  return url ? url->ToString() : "refused: " + url.error().message;
}

constexpr const char* kFactbase = "https://demo.sen2cube.at";

TEST(ResultUrl, JoinsUriAndPathByOneSlash) {
  const std::string expected = "https://demo.sen2cube.at/output/sen2cube/me/x_id1_3035.tiff";
  for (const char* uri : {"https://demo.sen2cube.at", "https://demo.sen2cube.at/"})
    for (const char* data :
         {"/output/sen2cube/me/x_id1_3035.tiff", "output/sen2cube/me/x_id1_3035.tiff"})
      EXPECT_EQ(ResultOf(uri, data), expected);
}

TEST(ResultUrl, KeepsThePathOfTheUri) {
  EXPECT_EQ(ResultOf("https://a.example:8443/cube/", "/output/x"),
            "https://a.example:8443/cube/output/x");
}

TEST(ResultUrl, RefusesDataThatWouldLeadTheTokenElsewhere) {
  const std::pair<const char*, const char*> cases[] = {{"", "empty"},
                                                       {"@evil.example/x", "host"},
                                                       {".evil.example/x", "host"},
                                                       {"//evil.example/x", "host"},
                                                       {"///evil.example/x", "host"},
                                                       {"https://evil.example/x", "host"},
                                                       {"https:evil.example", "host"},
                                                       {"file:/x", "host"},
                                                       {":8080/x", "host"},
                                                       {"8080:/x", "host"},
                                                       {"?x", "host"},
                                                       {"#x", "host"},
                                                       {" /x", "host"},
                                                       {"\\\\evil.example\\x", "host"},
                                                       {"/\\evil.example/x", "backslash"},
                                                       {"/output/x\\..\\y", "backslash"},
                                                       {"/output/../x", "climbs"},
                                                       {"/..", "climbs"},
                                                       {"output/..", "climbs"},
                                                       {"/./x", "climbs"},
                                                       {"/%2e%2e/x", "climbs"},
                                                       {"/%2E./x", "climbs"},
                                                       {"/output%2f..%2fx", "climbs"},
                                                       {"%2e%2e/x", "climbs"},
                                                       {"/x\r\nHost: evil.example", "control"},
                                                       {"/x\ty", "control"},
                                                       {"/x\x7f", "control"}};
  for (const auto& [data, reason] : cases) {
    SCOPED_TRACE(data);
    EXPECT_THAT(ErrorOf(ResultUrl(MakeUrl(kFactbase), data)),
                FailsWith(ErrorKind::kProtocol, HasSubstr(reason)));
  }
}

TEST(ResultUrl, RefusesANulInTheMiddle) {
  EXPECT_THAT(ErrorOf(ResultUrl(MakeUrl(kFactbase), std::string_view("/x\0y", 4))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("control")));
}

TEST(ResultUrl, RefusesAPathWithoutEnd) {
  for (const std::string& path : {std::string(9000, 'x'), std::string(3000, '\xFF')})
    EXPECT_THAT(ErrorOf(ResultUrl(MakeUrl(kFactbase), "/" + path)),
                FailsWith(ErrorKind::kProtocol, HasSubstr("too long")));
}

TEST(ResultUrl, ShowsNoControlCharacterInItsError) {
  const std::string message = MessageOf(ResultUrl(MakeUrl(kFactbase), "/x\r\ny\x1b[31m"));
  EXPECT_EQ(message.find_first_of("\r\n\x1b"), std::string::npos) << message;
}

TEST(ResultUrl, NeverLeavesTheHostWhateverTheData) {
  const std::string parts[] = {"@", ".", "/", "\\", ":", "?", "#", "%", "e", "evil.example", " "};
  for (const std::string& a : parts)
    for (const std::string& b : parts)
      for (const std::string& c : parts) {
        const auto url = ResultUrl(MakeUrl(kFactbase), a + b + c);
        if (!url) continue;
        EXPECT_EQ(MakeUrl(url->ToString()).host(), "demo.sen2cube.at") << a + b + c;
      }
}

TEST(ResultUrl, EscapesNamesAsModelAuthorsWriteThem) {
  EXPECT_EQ(ResultOf(kFactbase, "/output/p/o/green spaces.csv"),
            "https://demo.sen2cube.at/output/p/o/green%20spaces.csv");
  EXPECT_EQ(ResultOf(kFactbase, "/output/Gr\xC3\xBCn.tiff"),
            "https://demo.sen2cube.at/output/Gr%C3%BCn.tiff");
  EXPECT_EQ(ResultOf(kFactbase, "/output/50%.tiff"), "https://demo.sen2cube.at/output/50%25.tiff");
  EXPECT_EQ(ResultOf(kFactbase, "/output/why?.tiff"),
            "https://demo.sen2cube.at/output/why%3F.tiff");
  EXPECT_EQ(ResultOf(kFactbase, "/output/no#1.tiff"),
            "https://demo.sen2cube.at/output/no%231.tiff");
  EXPECT_EQ(ResultOf(kFactbase, "/output/a:b@c.tiff"),
            "https://demo.sen2cube.at/output/a:b@c.tiff");
}

TEST(ResultUrl, KeepsEscapesThatAreThere) {
  EXPECT_EQ(ResultOf(kFactbase, "/output/green%20spaces.csv"),
            "https://demo.sen2cube.at/output/green%20spaces.csv");
}

TEST(ResultUrl, TakesDotsInsideNames) {
  EXPECT_EQ(ResultOf(kFactbase, "/output/..x/y../.z"),
            "https://demo.sen2cube.at/output/..x/y../.z");
}

}  // namespace
}  // namespace s2c
