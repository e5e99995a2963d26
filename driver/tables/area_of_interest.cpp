// SPDX-License-Identifier: MIT
#include "driver/tables/area_of_interest.h"

#include <cpl_vsi.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <unordered_set>

#include "client/api/geojson.h"
#include "client/base/text.h"
#include "driver/kept_messages.h"
#include "driver/memory_file.h"

namespace s2c {
namespace {

int NameField(const OGRFeatureDefn& definition) {
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    // GetFieldIndex() ignores case, GeoJSON does not.
    if (std::strcmp(definition.GetFieldDefn(i)->GetNameRef(), "name") == 0) return i;
  }
  return -1;
}

// PROJ complains where its database is not found; the coordinates are the same without (issue 10).
bool IsOfTheText(const KeptMessage& message) {
  return message.IsFailure() && message.text.rfind("PROJ:", 0) != 0;
}

}  // namespace

AreaOfInterest::~AreaOfInterest() {
  features_.clear();
  if (definition_) definition_->Release();
}

bool AreaOfInterest::Read(const std::string& geojson) {
  const auto document = ParseJson(geojson);
  if (!document) return false;
  const std::string plain = PlainGeoJson(**document);
  const MemoryFile file(plain, ".geojson");
  const char* const drivers[] = {kDriver, nullptr};
  // A text that looks like a date or a time is a text: it may be a name (issue 10).
  const char* const options[] = {"DATE_AS_STRING=YES", nullptr};
  bool is_read = false;
  // What the driver says of broken text names a file that the user does not have.
  const auto messages = KeepMessages([&] {
    const std::unique_ptr<GDALDataset> dataset(GDALDataset::Open(
        file.path(), GDAL_OF_VECTOR | GDAL_OF_INTERNAL, drivers, options, nullptr));
    OGRLayer* const layer = dataset ? dataset->GetLayer(0) : nullptr;
    is_read = layer != nullptr;
    if (layer) Take(*layer);
  });
  if (!is_read) return false;
  Index();
  return std::none_of(messages.begin(), messages.end(), IsOfTheText);
}

void AreaOfInterest::Take(OGRLayer& layer) {
  definition_ = layer.GetLayerDefn()->Clone();
  definition_->Reference();
  for (auto& feature : layer) {
    auto copy = std::make_unique<OGRFeature>(definition_);
    copy->SetFrom(feature.get());
    copy->SetFID(feature->GetFID());
    features_.push_back(std::move(copy));
  }
  std::unordered_set<GIntBig> fids;
  for (const auto& feature : features_) fids.insert(feature->GetFID());
  if (fids.size() == features_.size()) return;
  // Two of one id: places are what tells them apart (issue 10).
  for (std::size_t i = 0; i < features_.size(); ++i) features_[i]->SetFID(static_cast<GIntBig>(i));
}

void AreaOfInterest::Index() {
  const int field = definition_ ? NameField(*definition_) : -1;
  for (const auto& feature : features_) {
    OGREnvelope envelope;
    if (const OGRGeometry* const geometry = feature->GetGeometryRef()) {
      geometry->getEnvelope(&envelope);
      if (!geometry->IsEmpty()) extent_.Merge(envelope);
    }
    const std::string name =
        field >= 0 && feature->IsFieldSetAndNotNull(field) ? feature->GetFieldAsString(field) : "";
    if (name.empty()) continue;
    const auto [entry, is_first] = names_.emplace(name, feature.get());
    if (!is_first) entry->second = nullptr;
  }
  for (std::size_t i = 0; i < features_.size(); ++i)
    names_.emplace("feature_" + std::to_string(i + 1), features_[i].get());
}

const OGRFeature* AreaOfInterest::Named(const std::string& name) const {
  auto found = names_.find(name);
  // The tables are written by Python, which spells JSON's booleans its own way.
  if (found == names_.end() && (name == "True" || name == "False"))
    found = names_.find(LowerCase(name));
  return found == names_.end() ? nullptr : found->second;
}

}  // namespace s2c
