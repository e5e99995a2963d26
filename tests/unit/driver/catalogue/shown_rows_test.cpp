// SPDX-License-Identifier: MIT
#include "driver/catalogue/shown_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogr_geometry.h>

#include "driver/catalogue/catalogue_values.h"

namespace s2c {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Ne;
using testing::Pointee;

class ShownRowsTest : public testing::Test {
 protected:
  ShownRowsTest() : definition_(new OGRFeatureDefn("layer")) {
    definition_->Reference();
    OGRFieldDefn text("text", OFTString), time("time", OFTDateTime);
    definition_->AddFieldDefn(&text);
    definition_->AddFieldDefn(&time);
  }
  ~ShownRowsTest() override { definition_->Release(); }

  RowPrint PrintOfText(const char* text) {
    OGRFeature row(definition_);
    row.SetField(0, text);
    return PrintOf(row);
  }
  RowPrint PrintOfTime(int hour, float second, int zone) {
    OGRFeature row(definition_);
    row.SetField(1, 2021, 3, 1, hour, 30, second, zone);
    return PrintOf(row);
  }

  OGRFeatureDefn* const definition_;
};

TEST_F(ShownRowsTest, WhatIsNotSetHasNoNumber) {
  EXPECT_THAT(PrintOf(OGRFeature(definition_)), ElementsAre(0U, 0U, 0U));
  EXPECT_THAT(PrintOfText("a"), ElementsAre(Ne(0U), 0U, 0U));
}

TEST_F(ShownRowsTest, NullIsAnEmptyTextAndNoOther) {
  OGRFeature row(definition_);
  row.SetFieldNull(0);
  EXPECT_EQ(PrintOf(row), PrintOfText(""));
  EXPECT_NE(PrintOf(row), PrintOfText("0"));
}

TEST_F(ShownRowsTest, TimesAreEqualToTheMillisecondInWhateverZone) {
  const RowPrint time = PrintOfTime(10, 41.520318F, 100);
  EXPECT_EQ(time, PrintOfTime(10, 41.52F, 100));
  EXPECT_EQ(time, PrintOfTime(12, 41.52F, 108));
  EXPECT_EQ(time, PrintOfTime(10, 41.52F, 0));
  EXPECT_EQ(time, PrintOfTime(10, 41.52F, 1));
  EXPECT_NE(time, PrintOfTime(10, 41.521F, 100));
  EXPECT_NE(time, PrintOfTime(11, 41.52F, 100));
}

TEST_F(ShownRowsTest, GeometriesAreToldApart) {
  OGRFeature row(definition_), other(definition_);
  const OGRPoint here(13, 47), there(13, 47.0000001);
  row.SetGeometry(&here);
  other.SetGeometry(&there);
  EXPECT_NE(PrintOf(row), PrintOf(other));
  other.SetGeometry(&here);
  EXPECT_EQ(PrintOf(row), PrintOf(other));
}

TEST_F(ShownRowsTest, WhatIsNotSetLeavesWhatIsRemembered) {
  ShownRows rows;
  EXPECT_EQ(rows.Find(7), nullptr);
  rows.Remember(7, {1, 2, 3});
  rows.Remember(7, {0, 5, 0});
  EXPECT_THAT(rows.Find(7), Pointee(ElementsAre(1U, 5U, 3U)));
  rows.Forget(7);
  EXPECT_EQ(rows.Find(7), nullptr);
}

TEST_F(ShownRowsTest, TheyAreNotRememberedWithoutEnd) {
  ShownRows rows;
  for (std::int64_t id = 0; id < 120000; ++id) rows.Remember(id, {1, 2, 3});
  std::size_t known = 0;
  for (std::int64_t id = 0; id < 120000; ++id) known += rows.Find(id) ? 1 : 0;
  EXPECT_GT(known, 0U);
  EXPECT_LE(known, 50000U);
  EXPECT_THAT(rows.Find(119999), Pointee(Each(Ne(0U))));
}

TEST_F(ShownRowsTest, AMomentIsInUtcUnlessItsZoneIsKnown) {
  OGRFeature row(definition_);
  row.SetField(1, 1970, 1, 1, 2, 0, 1.25F, 108);
  EXPECT_EQ(MomentOf(row, 1), 1250);
  EXPECT_TRUE(HasZone(row, 1));
  row.SetField(1, 1970, 1, 1, 0, 0, 59.999F, 0);
  EXPECT_EQ(MomentOf(row, 1), 59999);
  EXPECT_FALSE(HasZone(row, 1));
}

}  // namespace
}  // namespace s2c
