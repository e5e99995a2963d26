// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_fields.h"

#include "client/api/failure.h"
#include "client/api/resources.h"
#include "driver/catalogue/catalogue_values.h"
#include "driver/names.h"

namespace s2c {
namespace {

using Row = CatalogueRow;

template <bool (*Set)(const JsonValue*, OGRFeature&, int)>
bool Plain(const Row& row, const char* name, OGRFeature& feature, int field) {
  return Set(Find(row.attributes, name), feature, field);
}

// "factbase_id" may be an attribute, or only the linkage of the relationship "factbase".
bool RelatedId(const Row& row, const char* name, OGRFeature& feature, int field) {
  if (const JsonValue* const value = Find(row.attributes, name); value && !value->IsNull())
    return SetInteger(value, feature, field);
  const std::string relation(name, std::string(name).size() - 3);
  const JsonValue* found = &row.resource;
  for (const char* step : {"relationships", relation.c_str(), "data", "id"}) {
    if (found) found = Find(*found, step);
  }
  return SetInteger(found, feature, field);
}

// What a failed run's message means is said behind it. In any other state it may be that of the run
// before.
void ExplainMessage(const Row& row, OGRFeature& feature) {
  const int field = feature.GetFieldIndex("status_message");
  if (!feature.IsFieldSetAndNotNull(field) || TextAt(row.attributes, "status") != "FAILED") return;
  const std::string message = feature.GetFieldAsString(field);
  const auto explained = ExplainFailure(message);
  if (explained) feature.SetField(field, (message + " (" + *explained + ")").c_str());
}

// Before a run has ended, and after one that failed, outputs are those of the run before.
bool Datasets(const Row& row, const char*, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  const auto inference = ReadInference(row.resource);
  if (!inference || !inference->Succeeded() || inference->outputs.empty()) return true;
  rapidjson::Document names(rapidjson::kArrayType);
  for (const std::string& name : OutputNames(*inference)) {
    const std::string connection = FormatConnectionString(row.id, name);
    names.PushBack(JsonValue(connection.data(), static_cast<rapidjson::SizeType>(connection.size()),
                             names.GetAllocator()),
                   names.GetAllocator());
  }
  feature.SetField(field, ToJson(names).c_str());
  return true;
}

bool AreaType(const Row& row, const char*, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  if (const OGRGeometry* const area = row.place.Get()) feature.SetField(field, KindOf(*area));
  return row.place.whole();
}

bool Online(const Row& row, const char*, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  const WorkerSigns signs = ReadWorkerSigns(row.attributes);
  const bool online = signs.Alive(row.now);
  if (signs.known && (signs.usable || online)) feature.SetField(field, online ? 1 : 0);
  return signs.usable || online;
}

// [x, y], or one number for both.
bool Resolution(const Row& row, const char* name, OGRFeature& feature, int field) {
  const JsonValue* const resolution = Find(row.attributes, "resolution");
  if (!resolution || !resolution->IsArray()) return SetReal(resolution, feature, field);
  const rapidjson::SizeType place = std::string(name) == "resolution_x" ? 0 : 1;
  return SetReal(place < resolution->Size() ? &(*resolution)[place] : nullptr, feature, field);
}

constexpr auto kText = &Plain<SetText>;
constexpr auto kInteger = &Plain<SetInteger>;
constexpr auto kReal = &Plain<SetReal>;
constexpr auto kBoolean = &Plain<SetBoolean>;
constexpr auto kTime = &Plain<SetTime>;
constexpr auto kDate = &Plain<SetDate>;
constexpr auto kJson = &Plain<SetJson>;

CatalogueField Text(const char* name) {
  return {name, OFTString, OFSTNone, ServerKind::kText, kText, {}};
}
CatalogueField Time(const char* name) {
  return {name, OFTDateTime, OFSTNone, ServerKind::kTime, kTime, {}};
}
CatalogueField Date(const char* name) {
  return {name, OFTDate, OFSTNone, ServerKind::kDate, kDate, {}};
}
CatalogueField Boolean(const char* name) {
  return {name, OFTInteger, OFSTBoolean, ServerKind::kBoolean, kBoolean, {}};
}
CatalogueField Integer(const char* name) {
  return {name, OFTInteger, OFSTNone, ServerKind::kInteger, kInteger, {}};
}
// Made here of attributes; of the one of its own name unless others are named.
CatalogueField Local(const char* name, OGRFieldType type, CatalogueField::Reader read,
                     std::vector<std::string> attributes = {}) {
  return {name, type, OFSTNone, ServerKind::kLocal, read, std::move(attributes)};
}
// Without the subtype JSON: QGIS refuses to export a layer that has such a field (issue 10).
CatalogueField Json(const char* name) { return Local(name, OFTString, kJson); }
CatalogueField Relation(const char* name, const char* relation) {
  return {name, OFTInteger64, OFSTNone, ServerKind::kInteger, RelatedId, {name, relation}};
}

// In the order of who reads them: the first text is what programs call a feature, and what is long
// comes last.
CatalogueTable InferenceTable() {
  return {"inference",
          "area_of_interest",
          true,
          {Text("comment"),
           {"status", OFTString, OFSTNone, ServerKind::kWord, kText, {}},
           {"status_message",
            OFTString,
            OFSTNone,
            ServerKind::kText,
            kText,
            {"status_message", "status"}},
           Local("datasets", OFTString, Datasets, {"output", "status"}),
           Text("owner"),
           Relation("knowledgebase_id", "knowledgebase"),
           Relation("factbase_id", "factbase"),
           Time("temp_range_start"),
           Time("temp_range_end"),
           Integer("output_scale_factor"),
           Boolean("favourite"),
           Local("aoi_type", OFTString, AreaType, {"area_of_interest"}),
           Time("timestamp_created"),
           Time("timestamp_started"),
           Time("timestamp_finished"),
           {"status_progress", OFTReal, OFSTNone, ServerKind::kReal, kReal, {}},
           Time("status_timestamp"),
           Text("qgis_project_location"),
           Json("output")},
          ExplainMessage,
          &InferenceWriter()};
}

CatalogueTable FactbaseTable() {
  CatalogueField online =
      Local("online", OFTInteger, Online, {"free_worker_ping", "busy_worker_ping"});
  online.subtype = OFSTBoolean;
  return {"factbase",
          "footprint",
          false,
          {Text("title"), Text("description"), Text("owner"), Text("owner_email"), Text("project"),
           Text("uri"), Text("status"), std::move(online), Text("sensor"), Date("dateStart"),
           Date("dateEnd"), Text("srs"), Local("resolution_x", OFTReal, Resolution, {"resolution"}),
           Local("resolution_y", OFTReal, Resolution, {"resolution"}), Integer("preview_factor"),
           Json("layout")},
          nullptr,
          nullptr};
}

CatalogueTable KnowledgebaseTable() {
  return {"knowledgebase",
          nullptr,
          false,
          {Text("title"), Text("description"), Text("owner"), Time("date"), Boolean("favourite"),
           Text("blockdefs")},
          nullptr,
          &ModelWriter()};
}

}  // namespace

const std::vector<CatalogueTable>& CatalogueTables() {
  static const auto* const tables =
      new std::vector<CatalogueTable>{InferenceTable(), FactbaseTable(), KnowledgebaseTable()};
  return *tables;
}

std::vector<std::string> BooleanFields() {
  std::vector<std::string> names;
  for (const CatalogueTable& table : CatalogueTables()) {
    for (const CatalogueField& field : table.fields)
      if (field.subtype == OFSTBoolean) names.emplace_back(field.name);
  }
  return names;
}

}  // namespace s2c
