// SPDX-License-Identifier: MIT
#include "driver/raster/grid_files.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

bool Names(const std::string& text) {
  OGRSpatialReference reference;
  EXPECT_EQ(reference.SetFromUserInput(text.c_str()), OGRERR_NONE) << text;
  return NamesGridFile(reference);
}

TEST(NamesGridFile, KnowsSystemsThatNeedNone) {
  for (const char* text :
       {"EPSG:3035", "EPSG:4326", "EPSG:31287", "EPSG:32633", "EPSG:3857", "EPSG:4326+5773",
        "+proj=tmerc +lon_0=9 +ellps=bessel +towgs84=577,90,463,5,1,5,2 +units=m",
        "+proj=laea +lat_0=52 +lon_0=10 +ellps=GRS80 +units=m",
        "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m "
        "+nadgrids=@null +wktext +no_defs"})
    EXPECT_FALSE(Names(text)) << text;
}

TEST(NamesGridFile, FindsFilesAndAddresses) {
  for (const char* text : {"+proj=longlat +ellps=bessel +nadgrids=/etc/passwd",
                           "+proj=longlat +ellps=bessel +nadgrids=http://evil.example/x",
                           "+proj=longlat +ellps=bessel +nadgrids=@null,/etc/passwd",
                           "+proj=longlat +ellps=bessel +nadgrids=@/etc/passwd",
                           "+proj=utm +zone=33 +ellps=WGS84 +geoidgrids=/etc/passwd +units=m"})
    EXPECT_TRUE(Names(text)) << text;
}

// PROJ's own text of a system, kept in its WKT.
TEST(NamesGridFile, TakesTheGridThatIsNoneForNone) {
  for (const auto& [grids, is_file] :
       {std::pair("@null", false), std::pair("@nulls", true), std::pair("@nul", true)}) {
    EXPECT_EQ(Names(R"(PROJCS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,)"
                    R"(298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],)"
                    R"(PROJECTION["Mercator_1SP"],UNIT["metre",1],)"
                    R"(EXTENSION["PROJ4","+proj=merc +nadgrids=)" +
                    std::string(grids) + R"( +units=m"]])"),
              is_file)
        << grids;
  }
}

TEST(NamesGridFile, FindsThemInWellKnownText) {
  const std::string geographic =
      R"(GEOGCS["y",DATUM["z",SPHEROID["GRS 1980",6378137,298.257222101],)"
      R"(EXTENSION["PROJ4_GRIDS","/etc/passwd"]],PRIMEM["Greenwich",0],)"
      R"(UNIT["degree",0.0174532925199433]])";
  EXPECT_TRUE(Names(geographic));
  EXPECT_TRUE(Names(R"(COMPD_CS["a",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,)"
                    R"(298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],)"
                    R"(VERT_CS["h",VERT_DATUM["d",2005,EXTENSION["PROJ4_GRIDS","x.gtx"]],)"
                    R"(UNIT["metre",1],AXIS["Up",UP]]])"));
}

TEST(NamesGridFile, TakesAnEmptySystemForUnsafe) {
  EXPECT_TRUE(NamesGridFile(OGRSpatialReference())) << "it cannot be looked at";
}

}  // namespace
}  // namespace s2c
