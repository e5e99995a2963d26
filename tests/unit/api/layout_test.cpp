// SPDX-License-Identifier: MIT
#include "client/api/layout.h"

#include <gmock/gmock.h>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// SIAM's colour types stand in several groups, as in the service's answers.
constexpr const char* kLayout = R"({
  "reflectance": [{"product": "s2", "measurements": [
    {"name": "B02", "label": "Blue", "type": "continuous", "values": {"min": 0, "max": null}}]}],
  "appearance": [{"product": "siam", "measurements": [
    {"name": "33SharedSpCt", "label": "Color type", "type": "categorical", "values": [
      {"id": 1, "label": "SVHNIR", "description": "Strong\nvegetation"},
      {"id": 2, "label": "W", "description": ""}, {"id": "x", "label": "no id"}, 7]}]}],
  "atmosphere": [{"product": "siam", "measurements": [
    {"name": "33SharedSpCt", "label": "Color type", "type": "categorical", "values": [
      {"id": 25, "label": "CL", "description": "Cloud"}]},
    {"name": "haze", "label": "Haze", "type": "categorical", "values": [
      {"id": 50, "label": "50", "description": "Low haze"}]}]}],
  "artifacts": [{"product": "other", "measurements": [
    {"name": "haze_2", "label": "Haze", "type": "categorical", "values": [
      {"id": 50, "label": "50", "description": "High haze"}]}, null]}],
  "topography": "odd"})";

Layout Read(const std::string& text) {
  const auto document = ParseJson(text);
  return document ? ReadLayout(**document) : Layout();
}

TEST(ReadLayout, TakesTheCategoricalMeasurements) {
  const Layout layout = Read(kLayout);
  ASSERT_EQ(layout.size(), 4U);
  EXPECT_EQ(layout[0].name, "33SharedSpCt");
  EXPECT_EQ(layout[0].label, "Color type");
  // The label where there is no description, and one line.
  EXPECT_THAT(layout[0].classes, ElementsAre(Pair(1, "Strong vegetation"), Pair(2, "W")));
}

TEST(ReadLayout, TakesAStringThatHoldsTheObject) {
  EXPECT_EQ(Read(R"("{\"a\": [{\"measurements\": [{\"type\": \"categorical\"}]}]}")").size(), 1U);
}

TEST(ReadLayout, LeavesOutWhatIsOdd) {
  for (const char* odd :
       {"null", "[]", "7", R"("x")", R"("\"{}\"")", R"({"a": 1})", R"({"a": [1, {"b": 2}]})",
        R"({"a": [{"measurements": {"type": "categorical"}}]})"})
    EXPECT_THAT(Read(odd), IsEmpty()) << odd;
}

TEST(ClassesOf, TakesAllGroupsOfTheMeasurementThatTheOutputIsNamedLike) {
  const Layout layout = Read(kLayout);
  for (const char* name : {"Color type", "color_type", "COLOUR-TYPE", "33sharedspct"})
    EXPECT_THAT(ClassesOf(layout, name),
                ElementsAre(Pair(1, "Strong vegetation"), Pair(2, "W"), Pair(25, "Cloud")))
        << name;
}

TEST(ClassesOf, KnowsNothingOfAnotherName) {
  const Layout layout = Read(kLayout);
  for (const char* name : {"", "_", "map", "color", "color_type_count", "siam"})
    EXPECT_THAT(ClassesOf(layout, name), IsEmpty()) << name;
}

TEST(ClassesOf, KnowsNothingWhereTwoMeasurementsOfThatNameDisagree) {
  const Layout layout = Read(kLayout);
  EXPECT_THAT(ClassesOf(layout, "haze"), IsEmpty());
  EXPECT_THAT(ClassesOf(layout, "haze_2"), ElementsAre(Pair(50, "High haze")));
}

}  // namespace
}  // namespace s2c
