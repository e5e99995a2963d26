// SPDX-License-Identifier: MIT
#include "client/base/url.h"

#include <gtest/gtest.h>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MakeUrl;

void ExpectRefused(const std::string& text, const std::string& reason) {
  SCOPED_TRACE(text);
  EXPECT_THAT(ErrorOf(Url::Parse(text)), FailsWith(ErrorKind::kInvalidInput, HasSubstr(reason)));
}

TEST(Url, IsTakenApart) {
  const Url url = MakeUrl("https://api.sen2cube.at:8443/v1/inference?sort=-id&a=b#part");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.host(), "api.sen2cube.at");
  EXPECT_EQ(url.port(), 8443);
  EXPECT_EQ(url.path(), "/v1/inference");
  EXPECT_EQ(url.query(), "sort=-id&a=b");
  EXPECT_TRUE(url.IsHttps());
}

TEST(Url, HasThePortOfItsSchemeIfNoneIsGiven) {
  EXPECT_EQ(MakeUrl("https://a.example").port(), 443);
  EXPECT_EQ(MakeUrl("http://a.example").port(), 80);
}

TEST(Url, IsWrittenWithoutTheSchemesOwnPort) {
  EXPECT_EQ(MakeUrl("https://a.example:443/x").ToString(), "https://a.example/x");
  EXPECT_EQ(MakeUrl("http://a.example:80/x").ToString(), "http://a.example/x");
  EXPECT_EQ(MakeUrl("http://a.example:443/x").ToString(), "http://a.example:443/x");
}

TEST(Url, LowersSchemeAndHostButNotThePath) {
  EXPECT_EQ(MakeUrl("HTTPS://API.Sen2Cube.AT/V1/Ab?Q=R").ToString(),
            "https://api.sen2cube.at/V1/Ab?Q=R");
}

TEST(Url, WithoutAPathHasTheRoot) {
  EXPECT_EQ(MakeUrl("https://a.example").ToString(), "https://a.example/");
  EXPECT_EQ(MakeUrl("https://a.example?x=1").ToString(), "https://a.example/?x=1");
}

TEST(Url, DropsTheFragmentAndAnEmptyQuery) {
  EXPECT_EQ(MakeUrl("https://a.example/x#y?z").ToString(), "https://a.example/x");
  EXPECT_EQ(MakeUrl("https://a.example/x?").ToString(), "https://a.example/x");
}

TEST(Url, RemovesDotSegments) {
  EXPECT_EQ(MakeUrl("https://a.example/a/./b/../c").path(), "/a/c");
  EXPECT_EQ(MakeUrl("https://a.example/../../x").path(), "/x");
  EXPECT_EQ(MakeUrl("https://a.example/a/..").path(), "/");
  EXPECT_EQ(MakeUrl("https://a.example/a/b/.").path(), "/a/b/");
  EXPECT_EQ(MakeUrl("https://a.example/a//b/").path(), "/a//b/");
}

TEST(Url, EscapesWhatAPathCannotHoldAndKeepsEscapes) {
  EXPECT_EQ(MakeUrl("https://a.example/a b/\xC3\xBC/%41/100%/%4").path(),
            "/a%20b/%C3%BC/%41/100%25/%254");
  EXPECT_EQ(MakeUrl("https://a.example/x?q=a b\"").query(), "q=a%20b%22");
}

TEST(Url, TakesIpv6WithAndWithoutAPort) {
  EXPECT_EQ(MakeUrl("http://[::1]:8080/x").host(), "[::1]");
  EXPECT_EQ(MakeUrl("http://[::1]:8080/x").port(), 8080);
  EXPECT_EQ(MakeUrl("https://[2001:DB8::1]/").ToString(), "https://[2001:db8::1]/");
  EXPECT_EQ(MakeUrl("https://[2001:db8::1]").port(), 443);
}

TEST(Url, RefusesBrokenIpv6) {
  for (const char* text : {"http://::1/", "http://[::1/", "http://::1]/", "http://[]/",
                           "http://[::g]/", "http://[::1%25eth0]/", "http://[::1]x/"})
    ExpectRefused(text, "");
}

TEST(Url, TakesPortsFrom1To65535) {
  EXPECT_EQ(MakeUrl("http://a.example:1/").port(), 1);
  EXPECT_EQ(MakeUrl("http://a.example:65535/").port(), 65535);
  for (const char* port : {"0", "65536", "99999999999999999999", "-1", "+80", "8o", "", " 80"})
    ExpectRefused("http://a.example:" + std::string(port) + "/", "port");
}

TEST(Url, RefusesAUserNameInTheAuthority) {
  ExpectRefused("https://user@a.example/", "USERNAME");
  ExpectRefused("https://user:word@a.example/", "USERNAME");
  ExpectRefused("https://a.example@evil.example/", "USERNAME");
  ExpectRefused("https://@a.example/", "USERNAME");
}

TEST(Url, NeverRepeatsAPasswordInItsError) {
  // Whoever writes the login into API_URL must not find it in a log afterwards.
  for (const char* text :
       {"https://user:sesame@a.example/", "ftp://user:sesame@a.example/",
        "https://user:sesame@a.example:x/", "https://user:sesame@a\n/", "user:sesame@a.example",
        "https://user:sesame", "https://user:sesame/v1"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(ErrorOf(Url::Parse(text)).message, Not(HasSubstr("sesame")));
  }
}

TEST(Url, TakesAnAtInThePath) {
  EXPECT_EQ(MakeUrl("https://a.example/x@y").ToString(), "https://a.example/x@y");
}

TEST(Url, RefusesABackslash) {
  ExpectRefused("https://a.example\\@evil.example/", "backslash");
  ExpectRefused("https:\\\\a.example/", "backslash");
  ExpectRefused("https://a.example/x\\y", "backslash");
}

TEST(Url, RefusesControlCharacters) {
  ExpectRefused("https://a.example/x\r\nHost: evil", "control");
  ExpectRefused("https://a.exa\tmple/", "control");
  ExpectRefused(std::string("https://a.example/\0x", 20), "control");
  ExpectRefused("https://a.example/\x7f", "control");
}

TEST(Url, RefusesOtherSchemes) {
  ExpectRefused("ftp://a.example/", "https and http");
  ExpectRefused("file:///etc/passwd", "https and http");
  ExpectRefused(" https://a.example/", "https and http");
  ExpectRefused("a.example/x", "does not begin");
  ExpectRefused("https:/a.example", "does not begin");
  ExpectRefused("", "does not begin");
}

TEST(Url, RefusesAHostThatIsNoPlainName) {
  for (const char* text : {"https:///x", "https://?x", "https://.a.example/", "https://a..example/",
                           "https://-a.example/", "https://a b.example/", "https://a%2eexample/",
                           "https://\xC3\xA4.example/", "https://a,b/", "https://[a.example/"})
    ExpectRefused(text, "host");
  ExpectRefused("https://" + std::string(254, 'a') + "/", "host");
}

TEST(Url, RefusesMoreThan8192Bytes) {
  const std::string base = "https://a.example/";
  EXPECT_TRUE(Url::Parse(base + std::string(8192 - base.size(), 'x')));
  ExpectRefused(base + std::string(8193 - base.size(), 'x'), "too long");
}

TEST(Url, CountsEscapesInItsLength) {
  const std::string base = "https://a.example/";
  const std::string most((8192 - base.size()) / 3, '\xFF');
  const Url url = MakeUrl(base + most);
  EXPECT_EQ(MakeUrl(url.ToString()), url);
  ExpectRefused(base + most + "\xFF", "too long");
  ExpectRefused(base + "?" + most + "\xFF", "too long");
}

TEST(Url, WritesWhatItReadsAgain) {
  for (const char* text :
       {"https://a.example/a%20b?x=%26&y", "http://[::1]:8080/%C3%BC/;p=1", "https://a_b.c-d.e/"}) {
    const std::string written = MakeUrl(text).ToString();
    EXPECT_EQ(MakeUrl(written).ToString(), written);
  }
}

TEST(Url, KnowsLoopback) {
  for (const char* host :
       {"localhost", "LOCALHOST", "s2c.localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
    EXPECT_TRUE(MakeUrl("http://" + std::string(host) + ":1/").IsLoopback()) << host;
  for (const char* host : {"127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
                           "evil-localhost", "128.0.0.1", "10.0.0.1", "[::2]", "0.0.0.0"})
    EXPECT_FALSE(MakeUrl("http://" + std::string(host) + "/").IsLoopback()) << host;
}

TEST(Url, WithReplacesPathAndQuery) {
  const Url url = MakeUrl("https://a.example:8443/x?y=1");
  EXPECT_EQ(url.With("/z", "q=2").ToString(), "https://a.example:8443/z?q=2");
  EXPECT_EQ(url.With("/z", "").ToString(), "https://a.example:8443/z");
}

TEST(Url, BelowJoinsByOneSlash) {
  for (const char* base :
       {"https://a.example/v1", "https://a.example/v1/", "https://a.example/v1//"})
    for (const char* more : {"x/y", "/x/y", "//x/y"})
      EXPECT_EQ(MakeUrl(base).Below(more).ToString(), "https://a.example/v1/x/y") << base << more;
  EXPECT_EQ(MakeUrl("https://a.example").Below("x").ToString(), "https://a.example/x");
  EXPECT_EQ(MakeUrl("https://a.example/v1?q=1").Below("x").ToString(), "https://a.example/v1/x");
}

TEST(Url, IsEqualByWhatItMeans) {
  EXPECT_TRUE(MakeUrl("HTTPS://A.example:443/x") == MakeUrl("https://a.example/x"));
  EXPECT_FALSE(MakeUrl("https://a.example/x") == MakeUrl("https://a.example/X"));
}

TEST(PercentEncode, KeepsUnreservedCharactersOnly) {
  EXPECT_EQ(PercentEncode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(PercentEncode("a b&c=d+e%f/\xC3\xBC"), "a%20b%26c%3Dd%2Be%25f%2F%C3%BC");
  EXPECT_EQ(PercentEncode("a/b c", "/"), "a/b%20c");
  EXPECT_EQ(PercentEncode(std::string("\0\n", 2)), "%00%0A");
}

TEST(PercentDecode, UndoesEncoding) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(PercentDecode(PercentEncode(all)), all);
}

TEST(PercentDecode, TakesBothCasesOfDigits) { EXPECT_EQ(PercentDecode("%c3%BC%2F"), "\xC3\xBC/"); }

TEST(PercentDecode, LeavesAPercentThatIsNoEscape) {
  EXPECT_EQ(PercentDecode("100%"), "100%");
  EXPECT_EQ(PercentDecode("%4"), "%4");
  EXPECT_EQ(PercentDecode("%zz%4g%%41"), "%zz%4g%A");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
}

TEST(PercentDecode, DecodesOnce) { EXPECT_EQ(PercentDecode("%252e"), "%2e"); }

TEST(EncodeParameters, EscapesNamesAndValues) {
  EXPECT_EQ(EncodeParameters({{"page[size]", "30"}, {"a&b", "c=d e"}, {"empty", ""}}),
            "page%5Bsize%5D=30&a%26b=c%3Dd%20e&empty=");
  EXPECT_EQ(EncodeParameters({}), "");
}

}  // namespace
}  // namespace s2c
