// SPDX-License-Identifier: MIT
#include "vsi/gdal_compat.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

// Three rows.
class SmallLayer final : public DatasetLayer {
 public:
  SmallLayer() : DatasetLayer("small", wkbNone, "") {}

  using DatasetLayer::SkipTo;
  void ResetReading() override { next_ = 0; }
  OGRFeature* GetNextFeature() override {
    if (next_ == 3) return nullptr;
    auto* const feature = new OGRFeature(definition());
    feature->SetFID(next_++);
    return feature;
  }

 protected:
  bool Can(const char*) const override { return false; }

 private:
  GIntBig next_ = 0;
};

GIntBig NextId(OGRLayer& layer) {
  const std::unique_ptr<OGRFeature> feature(layer.GetNextFeature());
  return feature ? feature->GetFID() : OGRNullFID;
}

TEST(DatasetLayer, KnowsItsDataset) {
  LayerDataset dataset;
  dataset.AddLayer(std::make_unique<SmallLayer>());
  const auto layer = dataset.GetLayer(0);
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(layer->GetDataset(), &dataset);
  EXPECT_EQ(SmallLayer().GetDataset(), nullptr);
}

TEST(DatasetLayer, SkipsToAnIndexOrTheEnd) {
  SmallLayer layer;
  EXPECT_EQ(layer.SkipTo(2), OGRERR_NONE);
  EXPECT_EQ(NextId(layer), 2);
  EXPECT_EQ(layer.SkipTo(0), OGRERR_NONE);
  EXPECT_EQ(NextId(layer), 0);
  EXPECT_EQ(layer.SkipTo(4), OGRERR_NON_EXISTING_FEATURE);
  EXPECT_EQ(layer.GetNextFeature(), nullptr);
}

}  // namespace
}  // namespace s2c
