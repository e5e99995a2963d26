// SPDX-License-Identifier: MIT
#include "client/api/geojson.h"

#include <gtest/gtest.h>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing_support::MakeJson;

std::string Plain(const std::string& json) { return PlainGeoJson(*MakeJson(json)); }

constexpr const char* kPoint = R"({"type":"Point","coordinates":[13.5,47.8]})";
constexpr const char* kCrs =
    R"("crs":{"type":"link","properties":{"href":"http://evil.example/"}})";

std::string With(const std::string& object, const std::string& member) {
  return "{" + member + "," + object.substr(1);
}

std::string FeatureOf(const std::string& geometry) {
  return R"({"type":"Feature","id":7,"properties":{"name":"a"},"geometry":)" + geometry + "}";
}

std::string CollectionOf(const std::string& feature) {
  return R"({"type":"FeatureCollection","features":[)" + feature + "]}";
}

TEST(PlainGeoJson, KeepsWhatIsPlain) {
  EXPECT_EQ(Plain(kPoint), kPoint);
  const std::string collection = CollectionOf(FeatureOf(kPoint) + "," + FeatureOf("null"));
  EXPECT_EQ(Plain(collection), collection);
  const std::string nested =
      R"({"type":"GeometryCollection","geometries":[)" + std::string(kPoint) + "]}";
  EXPECT_EQ(Plain(nested), nested);
  EXPECT_EQ(Plain(R"({"Type":"Point","COORDINATES":[1,2]})"),
            R"({"Type":"Point","COORDINATES":[1,2]})");
}

TEST(PlainGeoJson, TakesACrsFromEveryPlace) {
  const std::string collection = CollectionOf(FeatureOf(kPoint));
  EXPECT_EQ(Plain(With(kPoint, kCrs)), kPoint);
  EXPECT_EQ(Plain(With(collection, kCrs)), collection);
  EXPECT_EQ(Plain(CollectionOf(With(FeatureOf(kPoint), kCrs))), collection);
  EXPECT_EQ(Plain(CollectionOf(FeatureOf(With(kPoint, kCrs)))), collection);
  EXPECT_EQ(Plain(R"({"type":"GeometryCollection","geometries":[)" + With(kPoint, kCrs) + "]}"),
            R"({"type":"GeometryCollection","geometries":[)" + std::string(kPoint) + "]}");
}

TEST(PlainGeoJson, TakesACrsOfAnyName) {
  for (const char* name : {"CRS", "Crs", "cRs", "crs\\u0000", "c\\u0072s"}) {
    const std::string member = "\"" + std::string(name) + "\":{\"type\":\"url\"}";
    EXPECT_EQ(Plain(With(kPoint, member)), kPoint) << name;
    EXPECT_EQ(Plain(With(With(kPoint, member), kCrs)), kPoint) << name;
  }
}

TEST(PlainGeoJson, TakesEveryOtherMember) {
  for (const char* member :
       {R"("exceededTransferLimit":true)", R"("coordRefSys":"http://evil.example/")",
        R"("bbox":[1,2,3,4])", R"("properties":{"exceededTransferLimit":true})",
        R"("spatialReference":{"wkt":"x"})", R"("links":[{"href":"x"}])"})
    EXPECT_EQ(Plain(With(CollectionOf(FeatureOf(kPoint)), member)), CollectionOf(FeatureOf(kPoint)))
        << member;
}

TEST(PlainGeoJson, LeavesPropertiesAsTheyAre) {
  const std::string feature = R"({"type":"Feature","properties":{"crs":"mine","features":[1]},)"
                              R"("geometry":null})";
  EXPECT_EQ(Plain(CollectionOf(feature)), CollectionOf(feature));
}

std::string WithProperties(const std::string& properties) {
  return CollectionOf(R"({"type":"Feature","properties":)" + properties + R"(,"geometry":null})");
}

TEST(PlainGeoJson, MakesEveryNameAText) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"name":1.0})", R"({"name":"1.0"})"},
      {R"({"name":true})", R"({"name":"true"})"},
      {R"({"name":[1,"a"]})", R"({"name":"[1,\"a\"]"})"},
      {R"({"name":18446744073709551615})", R"({"name":"18446744073709551615"})"},
      {R"({"name":"1.0","Name":1})", R"({"name":"1.0","Name":1})"},
      {R"({"name":null})", R"({"name":null})"}};
  for (const auto& [given, expected] : cases)
    EXPECT_EQ(Plain(WithProperties(given)), WithProperties(expected));
}

TEST(PlainGeoJson, MakesTextsOfNumbersThatNo64BitsWithASignHold) {
  EXPECT_EQ(Plain(WithProperties(R"({"a":9223372036854775808,"b":9223372036854775807,"c":[1,[)"
                                 R"(18446744073709551615]],"d":-9223372036854775808,"e":1e30})")),
            WithProperties(R"({"a":"9223372036854775808","b":9223372036854775807,"c":[1,[)"
                           R"("18446744073709551615"]],"d":-9223372036854775808,"e":1e30})"));
}

TEST(PlainGeoJson, PutsAFeatureIntoACollection) {
  // GDAL would look for other pages in its properties.
  EXPECT_EQ(Plain(FeatureOf(kPoint)), CollectionOf(FeatureOf(kPoint)));
}

TEST(PlainGeoJson, KeepsNumbersAndLetters) {
  const std::string feature =
      R"({"type":"Feature","properties":{"a":1.0,"b":9007199254740993,"c":"Ä\"\u0001"},)"
      R"("geometry":{"type":"Point","coordinates":[13.123456789012345,0.1]}})";
  EXPECT_EQ(Plain(CollectionOf(feature)), CollectionOf(feature));
}

TEST(PlainGeoJson, MakesATextOfAnIdThatNoFidCanBe) {
  const auto with_id = [](const char* id) {
    return CollectionOf(std::string(R"({"type":"Feature","id":)") + id + "}");
  };
  for (const char* id : {"7", "-1", "9223372036854775807", "\"a\"", "null"})
    EXPECT_EQ(Plain(with_id(id)), with_id(id));
  EXPECT_EQ(Plain(with_id("9223372036854775808")), with_id("\"9223372036854775808\""));
  EXPECT_EQ(Plain(with_id("7.0")), with_id("\"7.0\""));
}

TEST(PlainGeoJson, EndsOnWhatIsNoGeoJson) {
  EXPECT_EQ(Plain("7"), "7");
  EXPECT_EQ(Plain("[1]"), "[1]");
  EXPECT_EQ(Plain(R"({"features":7,"geometry":1})"), "{}");
  EXPECT_EQ(Plain(R"({"type":"GeometryCollection","geometries":"x"})"),
            R"({"type":"GeometryCollection"})");
}

}  // namespace
}  // namespace s2c
