// SPDX-License-Identifier: MIT
#include "vsi/paths.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

void ExpectPath(const std::string& path, const std::string& mount, std::optional<std::int64_t> id,
                const std::string& name) {
  const auto parsed = ParseVsiPath(path);
  ASSERT_TRUE(parsed) << path;
  EXPECT_EQ(parsed->mount, mount) << path;
  EXPECT_EQ(parsed->id, id) << path;
  EXPECT_EQ(parsed->name, name) << path;
}

TEST(ParseVsiPath, TakesTheRootWithAndWithoutASlash) {
  ExpectPath("/vsis2c/", "", std::nullopt, "");
  ExpectPath("/vsis2c", "", std::nullopt, "");
}

TEST(ParseVsiPath, TakesAnInferenceWithAndWithoutASlash) {
  ExpectPath("/vsis2c/10424", "", 10424, "");
  ExpectPath("/vsis2c/10424/", "", 10424, "");
  ExpectPath("/vsis2c/9223372036854775807", "", INT64_MAX, "");
}

TEST(ParseVsiPath, TakesANameAsItIs) {
  ExpectPath("/vsis2c/10424/Cloud_free_composite.tiff", "", 10424, "Cloud_free_composite.tiff");
  ExpectPath("/vsis2c/1/green spaces: 50%25 \xC3\xBC.csv", "", 1,
             "green spaces: 50%25 \xC3\xBC.csv");
  ExpectPath("/vsis2c/1/~x", "", 1, "~x");
  ExpectPath("/vsis2c/1/7", "", 1, "7");
}

TEST(ParseVsiPath, TakesAMount) {
  ExpectPath("/vsis2c/~12/10424/x.tiff", "12", 10424, "x.tiff");
  ExpectPath("/vsis2c/~12/10424", "12", 10424, "");
  ExpectPath("/vsis2c/~12/", "12", std::nullopt, "");
  ExpectPath("/vsis2c/~12", "12", std::nullopt, "");
}

TEST(ParseVsiPath, RefusesAnIdThatIsNone) {
  for (const char* path :
       {"/vsis2c/x", "/vsis2c/-1", "/vsis2c/+1", "/vsis2c/1.5", "/vsis2c/ 1", "/vsis2c/1x/y",
        "/vsis2c//1", "/vsis2c/%31", "/vsis2c/9223372036854775808", "/vsis2c/99999999999999999999",
        "/vsis2c/1~2", "/vsis2c/~3/x", "/vsis2c/~3//1"})
    EXPECT_FALSE(ParseVsiPath(path)) << path;
}

TEST(ParseVsiPath, RefusesOtherFileSystems) {
  for (const char* path : {"", "/", "/vsis2", "/vsis2cx/1", "/VSIS2C/1", "vsis2c/1", " /vsis2c/1",
                           "/vsicurl/vsis2c/1", "S2C:1"})
    EXPECT_FALSE(ParseVsiPath(path)) << path;
}

TEST(ParseVsiPath, RefusesMoreLevels) {
  // GDAL probes FILE/SIDECAR; and names hold no slash, they are percent-encoded.
  for (const char* path :
       {"/vsis2c/1/a/b", "/vsis2c/1/x.tiff/", "/vsis2c/1//", "/vsis2c/1//x", "/vsis2c/~3/1/a/b"})
    EXPECT_FALSE(ParseVsiPath(path)) << path;
}

}  // namespace
}  // namespace s2c
