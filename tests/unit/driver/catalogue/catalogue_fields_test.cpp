// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing_support::MakeJson;

constexpr double kNow = 1632814872;  // 2021-09-28T07:41:12Z

const CatalogueTable& Table(const std::string& name) {
  for (const CatalogueTable& table : CatalogueTables())
    if (name == table.name) return table;
  ADD_FAILURE() << name;
  return CatalogueTables().front();
}

// A field of a row, read from a whole resource; "(null)", and "(refused)".
std::string Value(const std::string& table, const char* name, const std::string& resource) {
  for (const CatalogueField& field : Table(table).fields) {
    if (std::strcmp(field.name, name) != 0) continue;
    auto* const definition = new OGRFeatureDefn("layer");
    definition->Reference();
    OGRFieldDefn of_field(field.name, field.type);
    definition->AddFieldDefn(&of_field);
    std::string value = "(null)";
    {
      OGRFeature feature(definition);
      const JsonDocument document = MakeJson(resource);
      const JsonValue none;
      const JsonValue* const attributes = Find(*document, "attributes");
      PlaceReader place(attributes ? Find(*attributes, Table(table).geometry_attribute) : nullptr);
      const CatalogueRow row{7, *document, attributes ? *attributes : none, place, kNow};
      const bool usable = field.read(row, field.name, feature, 0);
      if (feature.IsFieldSetAndNotNull(0)) value = feature.GetFieldAsString(0);
      if (!usable) value = "(refused)";
    }
    definition->Release();
    return value;
  }
  ADD_FAILURE() << "no field " << name;
  return "";
}

std::string Online(const std::string& pings) {
  return Value("factbase", "online", R"({"attributes": {)" + pings + "}}");
}

TEST(CatalogueFields, AFactbaseIsOnlineForFiveMinutesAfterAPing) {
  EXPECT_EQ(Online(R"("free_worker_ping": "2021-09-28T07:36:13+00:00")"), "1");
  EXPECT_EQ(Online(R"("free_worker_ping": "2021-09-28T07:36:12+00:00")"), "0");
  EXPECT_EQ(Online(R"("free_worker_ping": "2021-09-28T09:41:12+02:00")"), "1");
  EXPECT_EQ(Online(R"("free_worker_ping": null, "busy_worker_ping": "2021-09-28T07:41:00Z")"), "1");
  EXPECT_EQ(Online(R"("status": "OK", "free_worker_ping": null, "busy_worker_ping": null)"), "0");
  EXPECT_EQ(Online(R"("status": "OK")"), "(null)") << "the service does not say";
  EXPECT_EQ(Online(R"("free_worker_ping": "2021-09-28T08:00:00Z")"), "1") << "its clock is ahead";
}

TEST(CatalogueFields, APingThatIsNoTimeIsOfNoUseUnlessTheOtherOneIs) {
  EXPECT_EQ(Online(R"("free_worker_ping": "x")"), "(refused)");
  EXPECT_EQ(Online(R"("free_worker_ping": "x", "busy_worker_ping": "2021-09-28T07:41:00Z")"), "1");
}

TEST(CatalogueFields, ResolutionsComeInPairsOrAlone) {
  const auto pair = [](const std::string& json) {
    const std::string resource = R"({"attributes": {"resolution": )" + json + "}}";
    return Value("factbase", "resolution_x", resource) + " " +
           Value("factbase", "resolution_y", resource);
  };
  EXPECT_EQ(pair("[10.0, 20]"), "10 20");
  EXPECT_EQ(pair(R"(["10", "20"])"), "10 20");
  EXPECT_EQ(pair("10"), "10 10");
  EXPECT_EQ(pair("[10]"), "10 (null)");
  EXPECT_EQ(pair("[]"), "(null) (null)");
  EXPECT_EQ(pair("null"), "(null) (null)");
  EXPECT_EQ(pair(R"({"x": 10})"), "(refused) (refused)");
}

TEST(CatalogueFields, RelatedIdsComeAsAttributeOrAsRelationship) {
  const auto id = [](const std::string& resource) {
    return Value("inference", "factbase_id", resource);
  };
  EXPECT_EQ(id(R"({"attributes": {"factbase_id": 8}})"), "8");
  EXPECT_EQ(id(R"({"attributes": {"factbase_id": "8"}})"), "8");
  const std::string linked = R"("relationships": {"factbase": {"data": {"id": "3"}}}})";
  EXPECT_EQ(id("{" + linked), "3");
  EXPECT_EQ(id(R"({"attributes": {"factbase_id": null}, )" + linked), "3");
  EXPECT_EQ(id(R"({"attributes": {"factbase_id": 8}, )" + linked), "8");
  EXPECT_EQ(id(R"({"relationships": {"factbase": {"data": null}}})"), "(null)");
  EXPECT_EQ(id(R"({"relationships": "none"})"), "(null)");
  EXPECT_EQ(id(R"({"attributes": {"factbase_id": "x"}})"), "(refused)");
}

TEST(CatalogueFields, DatasetsAreTheOutputsOfARunThatSucceeded) {
  const auto datasets = [](const std::string& status, const std::string& output) {
    return Value("inference", "datasets",
                 R"({"type": "inference", "id": 7, "attributes": {"status": ")" + status +
                     R"(", "output": )" + output + "}}");
  };
  const std::string two = R"([{"name": "a: b"}, {"name": "twin"}, {"name": "twin"}])";
  EXPECT_EQ(datasets("SUCCEEDED", two), R"x(["S2C:7:a: b","S2C:7:twin","S2C:7:twin (2)"])x");
  EXPECT_EQ(datasets("SUCCEEDED", R"([{"name": "say \"x\""}])"), R"(["S2C:7:say \"x\""])");
  EXPECT_EQ(datasets("CREATED", two), "(null)");
  EXPECT_EQ(datasets("SUCCEEDED", "[]"), "(null)");
  EXPECT_EQ(datasets("SUCCEEDED", "null"), "(null)");
}

// QGIS refuses to export a layer with a field of the subtype JSON, and so do ogr_fdw and FlatGeobuf
// one with a list.
TEST(CatalogueFields, NoneIsAListOrHasTheSubtypeJson) {
  for (const CatalogueTable& table : CatalogueTables()) {
    for (const CatalogueField& field : table.fields) {
      EXPECT_NE(field.type, OFTStringList) << field.name;
      EXPECT_NE(field.subtype, OFSTJSON) << field.name;
    }
  }
}

TEST(CatalogueFields, TheFirstIsWhatProgramsCallARowAndTheLastIsLong) {
  const auto ends = [](const char* table) {
    const auto& fields = Table(table).fields;
    return std::string(fields.front().name) + " " + fields.back().name;
  };
  EXPECT_EQ(ends("inference"), "comment output");
  EXPECT_EQ(ends("factbase"), "title layout");
  EXPECT_EQ(ends("knowledgebase"), "title blockdefs");
}

TEST(CatalogueFields, NoBasemapIsEverAskedFor) {
  for (const CatalogueTable& table : CatalogueTables())
    for (const CatalogueField& field : table.fields)
      EXPECT_THAT(field.attributes, testing::Not(testing::Contains("basemaps"))) << field.name;
}

}  // namespace
}  // namespace s2c
