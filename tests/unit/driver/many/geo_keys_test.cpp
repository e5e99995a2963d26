// SPDX-License-Identifier: MIT
#include "driver/many/geo_keys.h"

#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace s2c {
namespace {

constexpr const char* kPath = "/vsimem/geo_keys_test.tif";

std::string Tiff(int epsg, const char* option, const char* value) {
  GDALAllRegister();
  OGRSpatialReference reference;
  reference.importFromEPSG(epsg);
  const char* const text[] = {"PROFILE=GeoTIFF", option, nullptr};
  CPLStringList options(CSLDuplicate(const_cast<char**>(text)));
  std::unique_ptr<GDALDataset> made(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      kPath, 3, 2, 1, GDT_Byte, options.List()));
  made->SetSpatialRef(&reference);
  double transform[] = {std::string(value).size() * 10.0, 1, 0, 0, 0, -1};
  GDALSetGeoTransform(GDALDataset::ToHandle(made.get()), transform);
  made.reset();
  vsi_l_offset size = 0;
  auto* const bytes = VSIGetMemFileBuffer(kPath, &size, TRUE);
  std::string content(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  VSIFree(bytes);
  return content;
}

std::optional<std::string> KeysOf(const std::string& content) {
  return GeoKeysOf([&](std::uint64_t offset, std::size_t size) {
    return offset > content.size() ? std::string()
                                   : content.substr(static_cast<std::size_t>(offset), size);
  });
}

TEST(GeoKeysOf, AreTheSameForOneReferenceSystemWhereverTheRasterLies) {
  for (const char* option : {"ENDIANNESS=LITTLE", "ENDIANNESS=BIG", "BIGTIFF=YES"}) {
    const auto here = KeysOf(Tiff(3035, option, ""));
    ASSERT_TRUE(here) << option;
    EXPECT_GT(here->size(), 20U);
    EXPECT_EQ(KeysOf(Tiff(3035, option, "elsewhere")), here) << option;
    EXPECT_NE(KeysOf(Tiff(32633, option, "")), here) << option;
  }
}

TEST(GeoKeysOf, AreNothingWhereTheFileIsNotUnderstood) {
  EXPECT_EQ(KeysOf(""), std::nullopt);
  EXPECT_EQ(KeysOf(std::string(100, '\0')), std::nullopt);
  EXPECT_EQ(KeysOf(std::string("II\x2b\0\x08\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f", 16)),
            std::nullopt);
  const std::string good = Tiff(3035, "ENDIANNESS=LITTLE", "");
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = KeysOf(good.substr(0, size));
    EXPECT_TRUE(!cut || *cut == *KeysOf(good)) << size;
  }
}

TEST(GeoKeysOf, OfAnyBytesEndSomehow) {
  const std::string good = Tiff(3035, "ENDIANNESS=LITTLE", "");
  for (std::size_t at = 0; at < std::min<std::size_t>(good.size(), 400); ++at) {
    std::string bad = good;
    for (const char byte : {'\xff', '\0', '\x7f'}) {
      bad[at] = byte;
      KeysOf(bad);
    }
  }
}

}  // namespace
}  // namespace s2c
