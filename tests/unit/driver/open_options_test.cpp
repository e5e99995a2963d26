// SPDX-License-Identifier: MIT
#include "driver/open_options.h"

#include <cpl_string.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "vsi/options.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class AnyDataset : public GDALDataset {};

std::vector<std::string> Listed(GDALDataset& dataset) {
  CSLConstList list = dataset.GetOpenOptions();
  return list ? std::vector<std::string>(list, list + CSLCount(list))
              : std::vector<std::string>{"no list"};
}

std::vector<std::string> Kept(const std::vector<const char*>& given, int flags = GDAL_OF_RASTER) {
  CPLStringList options;
  for (const char* option : given) options.AddString(option);
  GDALOpenInfo info("S2C:1", flags);
  info.papszOpenOptions = options.List();
  AnyDataset dataset;
  KeepOpenOptions(dataset, info);
  info.papszOpenOptions = nullptr;
  return Listed(dataset);
}

TEST(KeepOpenOptions, KeepsAllButSecrets) {
  EXPECT_THAT(Kept({"USERNAME=demo", "PASSWORD=sesame", "MAX_RETRY=1", "ACCESS_TOKEN=ey",
                    "REFRESH_TOKEN=ey", "CLIENT_ID=x"}),
              ElementsAre("USERNAME=demo", "MAX_RETRY=1", "CLIENT_ID=x"));
}

TEST(KeepOpenOptions, KnowsSecretsHoweverTheyAreWritten) {
  EXPECT_THAT(Kept({"password=sesame", "A=b"}), ElementsAre("A=b"));
  EXPECT_THAT(Kept({"PASSWORD =sesame", "A=b"}), ElementsAre("A=b"));
  EXPECT_THAT(Kept({"PASSWORD:sesame", "A=b"}), ElementsAre("A=b"));
  EXPECT_THAT(Kept({"S2C_PASSWORD=sesame", "A=b"}), ElementsAre("A=b"));
  EXPECT_THAT(Kept({"PASSWORD=", "A=b"}), ElementsAre("A=b"));
}

TEST(KeepOpenOptions, LeavesAListWhereAllWereSecrets) {
  // GDAL puts the caller's options where there is none.
  EXPECT_THAT(Kept({"PASSWORD=sesame"}), IsEmpty());
}

TEST(KeepOpenOptions, LeavesTheRestToGdal) {
  EXPECT_THAT(Kept({"USERNAME=demo"}), ElementsAre("no list"));
  EXPECT_THAT(Kept({"PASSWORD_FILE=/run/secrets/x"}), ElementsAre("no list"));
  EXPECT_THAT(Kept({}), ElementsAre("no list"));
}

TEST(KeepOpenOptions, TellsSharedDatasetsWithSecretsApart) {
  constexpr int kShared = GDAL_OF_RASTER | GDAL_OF_SHARED;
  const auto one = Kept({"A=b", "PASSWORD=sesame"}, kShared);
  EXPECT_THAT(one, ElementsAre("A=b", StartsWith("@LOGIN=")));
  EXPECT_NE(one, Kept({"A=b", "PASSWORD=sesame"}, kShared));
  EXPECT_THAT(Kept({"A=b"}, kShared), ElementsAre("no list"));
}

TEST(OptionsXml, GivesSecretsAScopeThatNoDialogOffers) {
  const std::string xml = OptionsXml("OpenOptionList", "");
  for (const OptionSpec& option : AllOptions()) {
    const std::size_t start = xml.find("name=\"" + std::string(option.name) + "\"");
    ASSERT_NE(start, std::string::npos);
    const std::string element = xml.substr(start, xml.find("/>", start) - start);
    EXPECT_EQ(element.find("scope=\"secret\"") != std::string::npos, option.is_secret) << element;
    EXPECT_EQ(element.find("scope=") != std::string::npos, option.is_secret) << element;
  }
}

}  // namespace
}  // namespace s2c
