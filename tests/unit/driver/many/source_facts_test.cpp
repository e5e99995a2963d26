// SPDX-License-Identifier: MIT
#include "driver/many/source_facts.h"

#include <gdal_priv.h>
#include <gtest/gtest.h>

namespace s2c {
namespace {

SourceFacts Bands(std::vector<GDALDataType> types) {
  SourceFacts facts;
  for (const GDALDataType type : types) {
    SourceBandFacts band;
    band.type = type;
    facts.bands.push_back(band);
  }
  return facts;
}

TEST(DifferenceOf, IsNoneWhereBandsTypesAndColoursAreAlike) {
  EXPECT_EQ(DifferenceOf(Bands({GDT_Byte}), "a", Bands({GDT_Byte}), "b", false), std::nullopt);
}

TEST(DifferenceOf, NamesBothAndWhatTheyHave) {
  EXPECT_EQ(DifferenceOf(Bands({GDT_Byte}), "a", Bands({GDT_Byte, GDT_Byte}), "b", false),
            "a has 1 band and b has 2 bands");
  EXPECT_EQ(
      DifferenceOf(Bands({GDT_Byte, GDT_Byte}), "a", Bands({GDT_Byte, GDT_UInt16}), "b", false),
      "a has values of type Byte and b has some of type UInt16 in band 2");
  SourceFacts red = Bands({GDT_Byte});
  red.bands[0].colour = GCI_RedBand;
  EXPECT_EQ(DifferenceOf(Bands({GDT_Byte}), "a", red, "b", false),
            "a has the colour Undefined and b has the colour Red in band 1");
}

TEST(References, AreMadeOnceForEachKey) {
  GDALAllRegister();
  auto* const driver = GetGDALDriverManager()->GetDriverByName("MEM");
  const std::unique_ptr<GDALDataset> one(driver->Create("", 1, 1, 1, GDT_Byte, nullptr));
  const std::unique_ptr<GDALDataset> none(driver->Create("", 1, 1, 1, GDT_Byte, nullptr));
  OGRSpatialReference reference;
  reference.importFromEPSG(3035);
  one->SetSpatialRef(&reference);
  References references;
  const ReferencePtr first = references.Of(*one, "key");
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->IsSame(&reference));
  EXPECT_EQ(references.Of(*one, "another key"), first);
  EXPECT_EQ(references.Of(*one, std::nullopt), first);
  EXPECT_EQ(references.Of(*none, "key"), first) << "the file's keys say what it is";
  EXPECT_EQ(references.Of(*none, "no key"), nullptr);
}

TEST(SourceFacts, OfARasterWithoutAPlaceSayIt) {
  GDALAllRegister();
  auto* const driver = GetGDALDriverManager()->GetDriverByName("MEM");
  const std::unique_ptr<GDALDataset> raster(driver->Create("", 3, 2, 1, GDT_Byte, nullptr));
  EXPECT_FALSE(SourceFacts::Of(*raster, true).is_placed);
  double turned[] = {0, 1, 0.5, 0, 0, -1};
  GDALSetGeoTransform(GDALDataset::ToHandle(raster.get()), turned);
  EXPECT_FALSE(SourceFacts::Of(*raster, true).is_placed);
  double plain[] = {10, 2, 0, 20, 0, -3};
  GDALSetGeoTransform(GDALDataset::ToHandle(raster.get()), plain);
  const SourceFacts facts = SourceFacts::Of(*raster, true);
  EXPECT_TRUE(facts.is_placed);
  EXPECT_EQ(facts.extent().max_x, 16);
  EXPECT_EQ(facts.extent().min_y, 14);
}

TEST(DifferenceOf, IsWhatTheValuesOfOneBandMean) {
  SourceFacts scaled = Bands({GDT_Byte});
  scaled.bands[0].scale = 0.1;
  scaled.bands[0].unit = "m";
  EXPECT_EQ(DifferenceOf(Bands({GDT_Byte}), "a", scaled, "b", false), std::nullopt);
  EXPECT_EQ(DifferenceOf(Bands({GDT_Byte}), "a", scaled, "b", true),
            "a has values that mean 1 times them plus 0 '' and b has values that mean 0.1 times "
            "them plus 0 'm' in band 1");
  EXPECT_EQ(DifferenceOf(scaled, "a", scaled, "b", true), std::nullopt);
}

}  // namespace
}  // namespace s2c
