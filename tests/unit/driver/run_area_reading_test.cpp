// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "driver/run_area.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/memory_layer.h"
#include "tests/unit/support/result_matchers.h"
#include "vsi/gdal_compat.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MakeJson;
using testing_support::MessageOf;

constexpr const char* kField = "POLYGON ((13 47,14 47,14 48,13 48,13 47))";

class ReadRunAreaTest : public testing::Test {
 protected:
  void Add(const char* name, const char* wkt) {
    const auto fid = static_cast<std::int64_t>(++count_);
    layer_.Add(fid, [&](OGRFeature& feature) {
      if (name) feature.SetField("Name", name);
      feature.SetField("plot", ("plot " + std::to_string(fid)).c_str());
      OGRGeometry* geometry = nullptr;
      if (wkt) OGRGeometryFactory::createFromWkt(wkt, nullptr, &geometry);
      feature.SetGeometryDirectly(geometry);
    });
  }
  static std::vector<std::string> NamesOf(const Result<RunArea>& area) {
    if (!area) return {area.error().message};
    std::vector<std::string> names;
    const JsonDocument features = MakeJson(area->features);
    for (const JsonValue& feature : features->GetArray())
      names.push_back(TextAt(feature["properties"], "name").value_or("(none)"));
    return names;
  }

  testing_support::MemoryLayer layer_{{{"plot", OFTString}, {"Name", OFTString}}};
  int count_ = 0;
};

TEST_F(ReadRunAreaTest, NamesFeaturesByTheFieldName) {
  Add("a", kField);
  Add(nullptr, kField);
  Add("", kField);
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")),
              testing::ElementsAre("a", "(none)", "(none)"));
}

TEST_F(ReadRunAreaTest, NamesFeaturesByAnotherFieldThatIsThere) {
  Add("a", kField);
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "plot")), testing::ElementsAre("plot 1"));
  EXPECT_THAT(ErrorOf(ReadRunArea(layer_.layer(), "Flur")),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("has no field 'Flur'"), HasSubstr("plot,Name"))));
}

TEST_F(ReadRunAreaTest, ReadsWhatTheFiltersLetThrough) {
  Add("a", kField);
  Add("b", "POINT (1 1)");
  Add("c", kField);
  layer_.layer().SetAttributeFilter("Name <> 'c'");
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")), testing::ElementsAre("a", "b"));
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")), testing::ElementsAre("a", "b"));
  layer_.layer().SetSpatialFilterRect(13.1, 47.1, 13.2, 47.2);
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")), testing::ElementsAre("a"));
  layer_.layer().SetAttributeFilter("Name = 'x'");
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")),
              testing::ElementsAre(HasSubstr("has no feature")));
}

TEST_F(ReadRunAreaTest, FeaturesWithoutAGeometryAreLeftOut) {
  const testing_support::CapturedLog log;
  Add("a", nullptr);
  Add("b", kField);
  EXPECT_THAT(NamesOf(ReadRunArea(layer_.layer(), "")), testing::ElementsAre("b"));
  EXPECT_THAT(log.Text(LogLevel::kWarning), HasSubstr("1 of 2 features"));
}

TEST_F(ReadRunAreaTest, ChoosesALayerAndItsFeatures) {
  Add("a", kField);
  Add("b", kField);
  GDALDataset& dataset = layer_.dataset();
  EXPECT_THAT(NamesOf(ReadRunArea(dataset, {})), testing::ElementsAre("a", "b"));
  EXPECT_THAT(NamesOf(ReadRunArea(dataset, {"", "Name = 'b'", "plot"})),
              testing::ElementsAre("plot 2"));
  EXPECT_THAT(NamesOf(ReadRunArea(dataset, {})), testing::ElementsAre("a", "b"))
      << "the condition holds for one reading";
  dataset.CreateLayer("other");
  EXPECT_THAT(NamesOf(ReadRunArea(dataset, {"rows", "", ""})), testing::ElementsAre("a", "b"));
}

TEST_F(ReadRunAreaTest, ALayerThatIsNotClearIsRefused) {
  GDALDataset& dataset = layer_.dataset();
  dataset.CreateLayer("other");
  EXPECT_THAT(ErrorOf(ReadRunArea(dataset, {})),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("has 2 layers"), HasSubstr("--layer, of rows,other"))));
  EXPECT_THAT(ErrorOf(ReadRunArea(dataset, {"fields", "", ""})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("has no layer 'fields'")));
}

TEST_F(ReadRunAreaTest, AConditionThatIsNoneIsRefused) {
  Add("a", kField);
  EXPECT_THAT(ErrorOf(ReadRunArea(layer_.dataset(), {"", "nom = 'x'", ""})),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("the condition 'nom = 'x'' (--where)"), HasSubstr("nom"))));
}

// Two features, of which the second cannot be read.
class BrokenLayer : public DatasetLayer {
 public:
  explicit BrokenLayer(CPLErr level = CE_Failure)
      : DatasetLayer("broken", wkbPoint, ""), level_(level) {}

  void ResetReading() override { read_ = 0; }
  OGRFeature* GetNextFeature() override {
    if (++read_ > 1) {
      CPLError(level_, CPLE_FileIO, "the disk is gone");
      return nullptr;
    }
    auto* const feature = new OGRFeature(GetLayerDefn());
    feature->SetGeometryDirectly(new OGRPoint(1, 2));
    return feature;
  }

 protected:
  bool Can(const char*) const override { return false; }

 private:
  const CPLErr level_;
  int read_ = 0;
};

TEST(ReadRunArea, AReadingThatEndsEarlyIsAFailureThatIsToldOnce) {
  CPLErrorReset();
  BrokenLayer layer;
  EXPECT_THAT(ErrorOf(ReadRunArea(layer, "")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("(the disk is gone)")));
  EXPECT_EQ(CPLGetLastErrorType(), CE_None);
}

TEST(ReadRunArea, AWarningIsNoFailureAndReachesTheUser) {
  const testing_support::QuietErrors quiet;
  CPLErrorReset();
  BrokenLayer layer(CE_Warning);
  EXPECT_EQ(MessageOf(ReadRunArea(layer, "")), "");
  EXPECT_STREQ(CPLGetLastErrorMsg(), "the disk is gone");
  CPLErrorReset();
}

}  // namespace
}  // namespace s2c
