// SPDX-License-Identifier: MIT
#include "driver/catalogue_fields.h"

#include <cpl_string.h>
#include <cpl_time.h>

#include "client/api/resources.h"
#include "driver/catalogue_values.h"
#include "driver/names.h"
#include "vsi/directory.h"

namespace s2c {
namespace {

// A factbase whose workers were heard of this recently is alive, whatever its status says.
constexpr double kOnlineSeconds = 300;

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

// Before a run has ended, and after one that failed, outputs are those of the run before.
bool Datasets(const Row& row, const char*, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  const auto inference = ReadInference(row.resource);
  if (!inference || !inference->Succeeded() || inference->outputs.empty()) return true;
  CPLStringList names;
  for (const std::string& name : OutputNames(*inference))
    names.AddString(FormatConnectionString(row.id, name).c_str());
  feature.SetField(field, names.List());
  return true;
}

bool Online(const Row& row, const char*, OGRFeature& feature, int field) {
  feature.SetFieldNull(field);
  bool known = false, online = false, usable = true;
  for (const char* name : {"free_worker_ping", "busy_worker_ping"}) {
    const JsonValue* const ping = Find(row.attributes, name);
    if (!ping) continue;
    known = true;
    const auto text = AsText(*ping);
    const auto time = UnixTime(text);
    if (time) online = online || row.now - static_cast<double>(*time) < kOnlineSeconds;
    usable = usable && (time || !text);
  }
  if (known && (usable || online)) feature.SetField(field, online ? 1 : 0);
  return usable || online;
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
CatalogueField Json(const char* name) {
  return {name, OFTString, OFSTJSON, ServerKind::kLocal, kJson, {}};
}
CatalogueField Relation(const char* name, const char* relation) {
  return {name, OFTInteger64, OFSTNone, ServerKind::kInteger, RelatedId, {name, relation}};
}

CatalogueTable InferenceTable() {
  return {
      "inference",
      wkbUnknown,
      "area_of_interest",
      {Text("owner"),
       Text("comment"),
       {"status", OFTString, OFSTNone, ServerKind::kWord, kText, {}},
       {"status_message",
        OFTString,
        OFSTNone,
        ServerKind::kText,
        kText,
        {"status_message", "status"}},
       {"status_progress", OFTReal, OFSTNone, ServerKind::kReal, kReal, {}},
       Time("status_timestamp"),
       Time("timestamp_created"),
       Time("timestamp_started"),
       Time("timestamp_finished"),
       Relation("factbase_id", "factbase"),
       Relation("knowledgebase_id", "knowledgebase"),
       Time("temp_range_start"),
       Time("temp_range_end"),
       Integer("output_scale_factor"),
       Boolean("favourite"),
       Json("output"),
       {"datasets", OFTStringList, OFSTNone, ServerKind::kLocal, Datasets, {"output", "status"}},
       Text("qgis_project_location")}};
}

CatalogueTable FactbaseTable() {
  return {"factbase",
          wkbMultiPolygon,
          "footprint",
          {Text("title"),
           Text("description"),
           Text("owner"),
           Text("owner_email"),
           Text("project"),
           Text("uri"),
           Text("status"),
           {"online",
            OFTInteger,
            OFSTBoolean,
            ServerKind::kLocal,
            Online,
            {"free_worker_ping", "busy_worker_ping"}},
           Text("sensor"),
           Date("dateStart"),
           Date("dateEnd"),
           Text("srs"),
           {"resolution_x", OFTReal, OFSTNone, ServerKind::kLocal, Resolution, {"resolution"}},
           {"resolution_y", OFTReal, OFSTNone, ServerKind::kLocal, Resolution, {"resolution"}},
           Integer("preview_factor"),
           Json("layout")}};
}

CatalogueTable KnowledgebaseTable() {
  return {"knowledgebase",
          wkbNone,
          nullptr,
          {Text("title"), Text("description"), Text("owner"), Time("date"), Boolean("favourite"),
           Text("blockdefs")}};
}

}  // namespace

const std::vector<CatalogueTable>& CatalogueTables() {
  static const auto* const tables =
      new std::vector<CatalogueTable>{InferenceTable(), FactbaseTable(), KnowledgebaseTable()};
  return *tables;
}

}  // namespace s2c
