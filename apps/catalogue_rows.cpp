// SPDX-License-Identifier: MIT
#include "apps/catalogue_rows.h"

#include <cpl_conv.h>

#include <algorithm>

#include "apps/gdal_failure.h"
#include "client/base/text.h"
#include "vsi/paths.h"

namespace s2c {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::string Condition(const RowSelection& selection) {
  std::vector<std::string> conditions;
  if (!selection.where.empty()) conditions.push_back(selection.where);
  std::vector<std::string> statuses;
  for (const std::string& status : selection.statuses) statuses.push_back(Quoted(status));
  if (!statuses.empty()) conditions.push_back("status IN (" + Joined(statuses) + ")");
  std::vector<std::string> ids;
  for (const std::int64_t id : selection.ids) ids.push_back(std::to_string(id));
  if (!ids.empty()) conditions.push_back("fid IN (" + Joined(ids) + ")");
  std::string all;
  for (const std::string& condition : conditions)
    all += (all.empty() ? "(" : " AND (") + condition + ")";
  return all;
}

// The catalogue's times are in UTC.
std::string TimeText(const OGRFeature& feature, int field) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
  float second = 0;
  feature.GetFieldAsDateTime(field, &year, &month, &day, &hour, &minute, &second, &zone);
  const bool is_date = feature.GetFieldDefnRef(field)->GetType() == OFTDate;
  return CPLSPrintf(is_date ? "%04d-%02d-%02d" : "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                    hour, minute, static_cast<int>(second));
}

void SetField(Record& record, const char* name, const OGRFeature& feature, int field) {
  const OGRFieldDefn& definition = *feature.GetFieldDefnRef(field);
  switch (definition.GetType()) {
    case OFTInteger:
    case OFTInteger64:
      if (definition.GetSubType() == OFSTBoolean) {
        record.Set(name, feature.GetFieldAsInteger(field) != 0);
      } else {
        record.Set(name, static_cast<std::int64_t>(feature.GetFieldAsInteger64(field)));
      }
      return;
    case OFTReal:
      return record.Set(name, feature.GetFieldAsDouble(field));
    case OFTDate:
    case OFTDateTime:
      return record.Set(name, TimeText(feature, field));
    default:
      break;
  }
  const char* const text = feature.GetFieldAsString(field);
  // A list, which the layer has to give as a text.
  const auto datasets = EQUAL(name, "datasets") ? ParseJson(text) : Result<JsonDocument>(nullptr);
  if (datasets && *datasets) {
    record.Set(name, **datasets);
  } else {
    record.Set(name, text);
  }
}

}  // namespace

void AddSelection(CLI::App& command, RowSelection& selection) {
  command
      .add_option("--where", selection.where,
                  "Only what this condition is true for, as ogrinfo -where takes it")
      ->type_name("CONDITION");
}

void AddStatuses(CLI::App& command, RowSelection& selection) {
  AddRepeated(command, "--status", selection.statuses,
              "Only those of this status (CREATED, SCHEDULED, STARTED, SUCCEEDED, FAILED, "
              "ABORTED); may be given several times")
      ->type_name("STATUS");
}

CatalogueRows::CatalogueRows(GDALDatasetUniquePtr dataset, OGRLayer* layer,
                             std::vector<std::string> fields)
    : dataset_(std::move(dataset)), layer_(layer), fields_(std::move(fields)) {}

Result<CatalogueRows> CatalogueRows::Open(const GeneralOptions& general, const char* layer,
                                          const RowSelection& selection,
                                          std::vector<std::string> fields) {
  const auto session = general.OpenSession(kVsiPrefix);
  if (!session) return Pass(session);
  // The dataset asks as well, by the same session, and gets this answer; it tells no kind of error.
  const Status alive = (*session)->CheckService();
  if (!alive) return Pass(alive);
  GDALDatasetUniquePtr dataset;
  const Status opened = TryGdal([&] {
    dataset.reset(GDALDataset::Open("S2C:", GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR, nullptr,
                                    general.open_options.List()));
    return dataset != nullptr;
  });
  if (!opened) return Pass(opened);
  OGRLayer* const found = dataset->GetLayerByName(layer);
  CatalogueRows rows(std::move(dataset), found, std::move(fields));
  const Status selected = rows.Select(selection);
  if (!selected) return Pass(selected);
  return rows;
}

Status CatalogueRows::Select(const RowSelection& selection) {
  CPLStringList ignored;
  ignored.AddString("OGR_GEOMETRY");
  OGRFeatureDefn& definition = *layer_->GetLayerDefn();
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    const char* const name = definition.GetFieldDefn(i)->GetNameRef();
    if (std::find(fields_.begin(), fields_.end(), name) == fields_.end()) ignored.AddString(name);
  }
  // GDAL 3.6 wants the texts const and the list not.
  layer_->SetIgnoredFields(const_cast<const char**>(ignored.List()));
  const std::string condition = Condition(selection);
  if (condition.empty()) return {};
  Status taken =
      TryGdal([&] { return layer_->SetAttributeFilter(condition.c_str()) == OGRERR_NONE; });
  if (taken) return {};
  return Fail(ErrorKind::kInvalidInput,
              "the condition of --where cannot be used: " + taken.error().message);
}

Result<std::optional<Record>> CatalogueRows::Next() {
  std::unique_ptr<OGRFeature> feature;
  // The end and a failure are both a null.
  const Status read = TryGdal([&] {
    feature.reset(layer_->GetNextFeature());
    return true;
  });
  if (!read) return Pass(read);
  if (!feature) return std::optional<Record>();
  return RecordOf(*feature);
}

Record CatalogueRows::RecordOf(OGRFeature& feature) const {
  Record record;
  for (const std::string& name : fields_) {
    const char* const key = name.c_str();
    if (name == "id") {
      record.Set(key, static_cast<std::int64_t>(feature.GetFID()));
      continue;
    }
    const int field = feature.GetFieldIndex(key);
    if (!feature.IsFieldSetAndNotNull(field)) {
      record.Set(key, nullptr);
      continue;
    }
    SetField(record, key, feature, field);
  }
  return record;
}

}  // namespace s2c
