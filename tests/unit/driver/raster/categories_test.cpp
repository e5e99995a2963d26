// SPDX-License-Identifier: MIT
#include "driver/raster/categories.h"

#include <gmock/gmock.h>

#include <limits>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/test_mount.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Names(const std::vector<RasterClass>& classes) {
  std::vector<std::string> names;
  for (const RasterClass& one : classes)
    names.push_back(std::to_string(one.value) + " " + one.name);
  return names;
}

TEST(HoldsClasses, TakesAFewWholeNumbers) {
  EXPECT_TRUE(HoldsClasses({1, 5}));
  EXPECT_TRUE(HoldsClasses({-3, 0}));
  EXPECT_TRUE(HoldsClasses({70000, 70000 + 1023}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const ValueRange& range :
       {ValueRange{0.5, 5}, ValueRange{0, 4.5}, ValueRange{0, 1024}, ValueRange{1e300, 1e300},
        ValueRange{nan, 1}, ValueRange{0, infinity}})
    EXPECT_FALSE(HoldsClasses(range)) << range.first << " to " << range.second;
}

TEST(NamesOfClasses, AreNotAskedForWhereTheInferenceHasNoFactbase) {
  const testing_support::CapturedLog log;
  const auto mount = testing_support::MakeMount();
  EXPECT_THAT(NamesOfClasses(*mount, mount->inference()->inference.outputs[0]), IsEmpty());
  EXPECT_EQ(log.Text(LogLevel::kWarning), "");
}

TEST(TakesColours, IsWhatGdalLetsHaveAColourTable) {
  EXPECT_TRUE(TakesColours(GDT_Byte, {0, 255}));
  EXPECT_TRUE(TakesColours(GDT_UInt16, {3, 1023}));
  EXPECT_FALSE(TakesColours(GDT_UInt16, {1000, 1024}));
  EXPECT_FALSE(TakesColours(GDT_Byte, {-1, 5}));
  for (const GDALDataType type : {GDT_Int16, GDT_Int32, GDT_Float32, GDT_Float64})
    EXPECT_FALSE(TakesColours(type, {1, 5}));
}

TEST(ClassesIn, AreNumberedWhereNobodyNamesThem) {
  EXPECT_THAT(Names(ClassesIn({-1, 1}, {})), ElementsAre("-1 class -1", "0 class 0", "1 class 1"));
  EXPECT_THAT(ClassesIn({0.5, 2}, {}), IsEmpty());
}

TEST(ClassesIn, HaveNamesWhereTheEndsOfTheRangeHave) {
  const ClassNames names{{50, "low"}, {100, "medium"}, {150, "high"}};
  EXPECT_THAT(Names(ClassesIn({50, 100}, names)), ElementsAre("50 low", "100 medium"));
  EXPECT_THAT(Names(ClassesIn({49, 50}, names)), ElementsAre("49 class 49", "50 class 50"));
}

TEST(ClassesIn, HaveTheSameColourWhateverOthersThereAre) {
  const ClassNames names{{50, "low"}, {100, "medium"}, {150, "high"}};
  EXPECT_EQ(ClassesIn({100, 150}, names).front().colour.c1,
            ClassesIn({50, 150}, names)[1].colour.c1);
  EXPECT_EQ(ClassesIn({4, 9}, {}).front().colour.c2, ClassesIn({1, 9}, {})[3].colour.c2);
}

}  // namespace
}  // namespace s2c
