// SPDX-License-Identifier: MIT
#include "driver/tables/area_of_interest.h"

#include <gmock/gmock.h>
#include <ogrsf_frmts.h>

#include <set>

namespace s2c {
namespace {

class AreaOfInterestTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { RegisterOGRGeoJSON(); }

  static std::string Feature(const std::string& properties, const std::string& x) {
    return R"({"type":"Feature","properties":)" + properties +
           R"(,"geometry":{"type":"Point","coordinates":[)" + x + ",1]}}";
  }
  bool Read(const std::vector<std::string>& features, const std::string& more = "") {
    std::string text = R"({"type":"FeatureCollection",)" + more + R"("features":[)";
    for (std::size_t i = 0; i < features.size(); ++i) text += (i ? "," : "") + features[i];
    return area_.Read(text + "]}");
  }
  // The longitude of the feature that is meant; -1 for none.
  double X(const std::string& name) const {
    const OGRFeature* const feature = area_.Named(name);
    return feature ? feature->GetGeometryRef()->toPoint()->getX() : -1;
  }

  AreaOfInterest area_;
};

TEST_F(AreaOfInterestTest, FindsFeaturesByName) {
  ASSERT_TRUE(Read({Feature(R"({"name":"a"})", "1"), Feature(R"({"name":"B c"})", "2")}));
  EXPECT_EQ(X("a"), 1);
  EXPECT_EQ(X("B c"), 2);
  EXPECT_EQ(X("b c"), -1);
  EXPECT_EQ(X(""), -1);
}

TEST_F(AreaOfInterestTest, FindsFeaturesWithoutANameByTheirPlace) {
  ASSERT_TRUE(Read({Feature("{}", "1"), Feature(R"({"name":null})", "2"),
                    Feature(R"({"name":""})", "3"), Feature(R"({"Name":"x"})", "4")}));
  EXPECT_EQ(X("feature_1"), 1);
  EXPECT_EQ(X("feature_2"), 2);
  EXPECT_EQ(X("feature_3"), 3);
  EXPECT_EQ(X("feature_4"), 4);
  EXPECT_EQ(X("feature_5"), -1);
  EXPECT_EQ(X("x"), -1) << "the property is called name";
}

TEST_F(AreaOfInterestTest, TakesAGivenNameBeforeAPlace) {
  ASSERT_TRUE(Read({Feature(R"({"name":"feature_2"})", "1"), Feature("{}", "2")}));
  EXPECT_EQ(X("feature_2"), 1);
}

TEST_F(AreaOfInterestTest, FindsNumbersThatAreNames) {
  ASSERT_TRUE(Read({Feature(R"({"name":7})", "1"), Feature(R"({"name":"x"})", "2")}));
  EXPECT_EQ(X("7"), 1);
}

TEST_F(AreaOfInterestTest, TakesANameForATextWhateverItLooksLike) {
  ASSERT_TRUE(Read({Feature(R"({"name":"1-2-3"})", "1"), Feature(R"({"name":"10:15"})", "2"),
                    Feature(R"({"name":1.0})", "3"), Feature(R"({"name":true})", "4")}));
  EXPECT_EQ(X("1-2-3"), 1);
  EXPECT_EQ(X("10:15"), 2);
  EXPECT_EQ(X("1.0"), 3);
  EXPECT_EQ(X("true"), 4);
  EXPECT_EQ(X("True"), 4) << "as Python spells it";
  EXPECT_EQ(X("TRUE"), -1);
}

// GDAL's own where it makes them unique (3.10 does, 3.6 does not), else their places.
TEST_F(AreaOfInterestTest, GivesEachFeatureANumberOfItsOwnWhereIdsAreNotUnique) {
  const auto with_id = [](const char* id) {
    return std::string(R"({"type":"Feature","properties":{},"geometry":null,"id":)") + id + "}";
  };
  ASSERT_TRUE(Read({with_id("7"), with_id("7"), with_id("9")}));
  std::set<GIntBig> numbers;
  for (const auto& feature : area_.features()) numbers.insert(feature->GetFID());
  EXPECT_EQ(numbers.size(), 3U);
#if GDAL_VERSION_NUM < GDAL_COMPUTE_VERSION(3, 10, 0)
  for (int i = 0; i < 3; ++i) EXPECT_EQ(area_.features()[i]->GetFID(), i);
#endif
  AreaOfInterest unique;
  ASSERT_TRUE(unique.Read(R"({"type":"FeatureCollection","features":[)" + with_id("7") + "," +
                          with_id("9") + "]}"));
  EXPECT_EQ(unique.features()[1]->GetFID(), 9);
}

TEST_F(AreaOfInterestTest, FindsNoneForANameThatSeveralHave) {
  ASSERT_TRUE(Read({Feature(R"({"name":"a"})", "1"), Feature(R"({"name":"a"})", "2")}));
  EXPECT_EQ(X("a"), -1);
}

TEST_F(AreaOfInterestTest, KnowsItsExtent) {
  ASSERT_TRUE(Read({Feature("{}", "13"), Feature("{}", "15")}));
  EXPECT_EQ(area_.extent().MinX, 13);
  EXPECT_EQ(area_.extent().MaxX, 15);
  EXPECT_EQ(area_.extent().MaxY, 1);
}

// RFC 7946, section 4.
TEST_F(AreaOfInterestTest, TakesCoordinatesForLongitudesAndLatitudesWhateverTheySay) {
  ASSERT_TRUE(
      Read({Feature("{}", "13.5")}, R"("crs":{"type":"name","properties":{"name":"EPSG:3857"}},)"));
  EXPECT_EQ(X("feature_1"), 13.5);
}

TEST_F(AreaOfInterestTest, ReadsASingleGeometry) {
  ASSERT_TRUE(area_.Read(R"({"type":"Point","coordinates":[1,2,3]})"));
  ASSERT_EQ(area_.features().size(), 1U);
  EXPECT_TRUE(area_.features()[0]->GetGeometryRef()->Is3D());
}

TEST_F(AreaOfInterestTest, IsEmptyForAnEmptyCollection) {
  EXPECT_TRUE(Read({}));
  EXPECT_TRUE(area_.features().empty());
  EXPECT_FALSE(area_.extent().IsInit());
}

TEST_F(AreaOfInterestTest, TellsWhatItCannotRead) {
  for (const char* text : {"", "x", "{", "[]", "{\"type\":\"FeatureCollection\",\"features\":[{",
                           "POINT (1 2)", "null"}) {
    AreaOfInterest area;
    CPLErrorReset();
    EXPECT_FALSE(area.Read(text)) << text;
    EXPECT_EQ(area.Named("feature_1"), nullptr);
    EXPECT_EQ(CPLGetLastErrorType(), CE_None) << "the caller tells it";
  }
}

}  // namespace
}  // namespace s2c
