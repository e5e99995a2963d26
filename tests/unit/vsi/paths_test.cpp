// SPDX-License-Identifier: MIT
#include "vsi/paths.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/support/test_mount.h"

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

TEST(ParseVsiPath, TakesTheSystemsSeparatorForASlash) {
  const std::string separator(1, static_cast<char>(std::filesystem::path::preferred_separator));
  ExpectPath("/vsis2c/10424" + separator + "x.tiff", "", 10424, "x.tiff");
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

TEST(WithPublicPaths, TakesTheMountsOut) {
  EXPECT_EQ(WithPublicPaths("/vsis2c/~7/1/x.tiff, band 1: read failed"),
            "/vsis2c/1/x.tiff, band 1: read failed");
  EXPECT_EQ(WithPublicPaths("GTIFF_DIR:1:/vsis2c/~12/1/x.tiff and /vsis2c/~3/2/y"),
            "GTIFF_DIR:1:/vsis2c/1/x.tiff and /vsis2c/2/y");
}

TEST(WithPublicPaths, LeavesAllElse) {
  for (const char* text : {"", "/vsis2c/1/x~2.tiff", "~/x", "/vsis2c/~7", "/vsis2c/1/~7/x"})
    EXPECT_EQ(WithPublicPaths(text), text);
}

class Mounts : public testing::Test {
 protected:
  static Mounted At(const Mount& mount) { return testing_support::FindByPath(mount); }

  std::unique_ptr<Mount> mount_ = testing_support::MakeMount();
};

TEST_F(Mounts, AreFoundByTheirPathWhileTheyLive) {
  const std::string key = ParseVsiPath(mount_->OutputPath(0))->mount;
  EXPECT_EQ(FindMount(key).inference, mount_->inference());
  mount_.reset();
  EXPECT_FALSE(FindMount(key).session);
}

TEST_F(Mounts, OfOneRunHaveTheSameVersionsAndRecordsOfTheirOwn) {
  At(*mount_).pins->Set("/output/x.tiff", "\"v1\"");
  At(*mount_).record->AddFailure(Error{ErrorKind::kServer, "first", 503});
  const auto again = mount_->Again();
  ASSERT_TRUE(again);
  EXPECT_NE((*again)->OutputPath(0), mount_->OutputPath(0));
  EXPECT_EQ(At(**again).pins->Get("/output/x.tiff"), "\"v1\"");
  EXPECT_EQ((*again)->record().failures(), 0U);
  EXPECT_EQ(mount_->record().failures(), 1U);
}

TEST(VersionPins, KeepTheFirst) {
  VersionPins pins;
  EXPECT_EQ(pins.Get("a"), "");
  pins.Set("a", "1");
  pins.Set("a", "2");
  EXPECT_EQ(pins.Get("a"), "1");
  EXPECT_EQ(pins.Get("b"), "");
}

}  // namespace
}  // namespace s2c
