// SPDX-License-Identifier: MIT
#include "driver/area_layer.h"

#include <algorithm>

#include "driver/raster_metadata.h"
#include "driver/wgs84.h"
#include "vsi/report.h"

namespace s2c {

AreaLayer::AreaLayer(std::shared_ptr<InferenceData> data, const std::string& name)
    : ReadOnlyLayer(name.c_str(), wkbUnknown, ""), data_(std::move(data)) {
  CPLStringList items(InferenceMetadata(data_->resolved()));
  OGRLayer::SetMetadata(items.List());
}

bool AreaLayer::IsLoaded() {
  Load();
  return area_ != nullptr;
}

void AreaLayer::Load() {
  if (loaded_) return;
  loaded_ = true;
  Guarded([&] { return Define(), 0; }, 0);
  if (!area_) failure_ = CPLGetLastErrorMsg();
}

void AreaLayer::Define() {
  SetWgs84(*definition());
  area_ = data_->Area();
  const OGRFeatureDefn* const source = area_ ? area_->definition() : nullptr;
  if (!source) return;
  definition()->SetGeomType(source->GetGeomType());
  for (int i = 0; i < source->GetFieldCount(); ++i)
    definition()->AddFieldDefn(source->GetFieldDefn(i));
}

std::unique_ptr<OGRFeature> AreaLayer::Copy(const OGRFeature& feature) const {
  auto copy = std::make_unique<OGRFeature>(definition());
  copy->SetFrom(&feature);
  copy->SetFID(feature.GetFID());
  for (int i = 0; i < definition()->GetFieldCount(); ++i) {
    if (definition()->GetFieldDefn(i)->IsIgnored()) copy->UnsetField(i);
  }
  if (definition()->IsGeometryIgnored()) copy->SetGeometry(nullptr);
  if (OGRGeometry* const geometry = copy->GetGeometryRef())
    AssignReference(*geometry, *definition());
  return copy;
}

OGRFeature* AreaLayer::NextFeature() {
  if (!IsLoaded()) {
    // Again, or whoever copies the layer takes it for an empty one.
    CPLError(CE_Failure, CPLE_AppDefined, "%s", failure_.c_str());
    return nullptr;
  }
  while (next_ < area_->features().size()) {
    OGRFeature& feature = *area_->features()[next_++];
    if (!FilterGeometry(feature.GetGeometryRef())) continue;
    // Before the copy, which lacks the columns that the caller leaves out.
    if (m_poAttrQuery && !m_poAttrQuery->Evaluate(&feature)) continue;
    return Copy(feature).release();
  }
  return nullptr;
}

OGRFeature* AreaLayer::GetNextFeature() {
  return Guarded([&] { return NextFeature(); }, nullptr);
}

OGRFeature* AreaLayer::GetFeature(GIntBig fid) {
  return Guarded(
      [&]() -> OGRFeature* {
        if (!IsLoaded()) return nullptr;
        for (const auto& feature : area_->features()) {
          if (feature->GetFID() == fid) return Copy(*feature).release();
        }
        return nullptr;
      },
      nullptr);
}

OGRErr AreaLayer::SetNextByIndex(GIntBig index) {
  if (IsFiltered() || !IsLoaded()) return OGRLayer::SetNextByIndex(index);
  const std::size_t count = area_->features().size();
  next_ = index < 0 ? count : std::min(count, static_cast<std::size_t>(index));
  return next_ < count ? OGRERR_NONE : OGRERR_FAILURE;
}

GIntBig AreaLayer::GetFeatureCount(int force) {
  if (!IsLoaded()) return -1;
  if (IsFiltered()) return OGRLayer::GetFeatureCount(force);
  return static_cast<GIntBig>(area_->features().size());
}

OGRErr AreaLayer::Extent(int field, OGREnvelope* extent, bool force) {
  if (field != 0 || !IsLoaded() || !area_->extent().IsInit())
    return ReadOnlyLayer::Extent(field, extent, force);
  *extent = area_->extent();
  return OGRERR_NONE;
}

bool AreaLayer::Can(const char* capability) const {
  if (EQUAL(capability, OLCFastFeatureCount) || EQUAL(capability, OLCFastSetNextByIndex))
    return !IsFiltered();
  return EQUAL(capability, OLCFastGetExtent) || EQUAL(capability, OLCRandomRead) ||
         EQUAL(capability, OLCIgnoreFields) || EQUAL(capability, OLCStringsAsUTF8);
}

}  // namespace s2c
