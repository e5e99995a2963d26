// SPDX-License-Identifier: MIT
#include "driver/tables/area_layer.h"

#include <algorithm>

#include "driver/result_metadata.h"
#include "driver/wgs84.h"
#include "vsi/report.h"

namespace s2c {

AreaLayer::AreaLayer(std::shared_ptr<InferenceData> data, const std::string& name)
    : InferenceLayer(std::move(data), name, wkbUnknown) {
  CPLStringList items(InferenceMetadata(this->data().resolved()));
  OGRLayer::SetMetadata(items.List());
}

bool AreaLayer::Define() {
  SetWgs84(*definition());
  area_ = data().Area();
  const OGRFeatureDefn* const source = area_ ? area_->definition() : nullptr;
  if (!source) return area_ != nullptr;
  definition()->SetGeomType(source->GetGeomType());
  for (int i = 0; i < source->GetFieldCount(); ++i)
    definition()->AddFieldDefn(source->GetFieldDefn(i));
  return true;
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

std::unique_ptr<OGRFeature> AreaLayer::NextFeature() {
  while (next_ < area_->features().size()) {
    OGRFeature& feature = *area_->features()[next_++];
    if (!FilterGeometry(feature.GetGeometryRef())) continue;
    // Before the copy, which lacks the columns that the caller leaves out.
    if (m_poAttrQuery && !m_poAttrQuery->Evaluate(&feature)) continue;
    return Copy(feature);
  }
  return nullptr;
}

std::unique_ptr<OGRFeature> AreaLayer::Feature(GIntBig fid) {
  for (const auto& feature : area_->features()) {
    if (feature->GetFID() == fid) return Copy(*feature);
  }
  return nullptr;
}

OGRErr AreaLayer::SetNextByIndex(GIntBig index) {
  if (!IsLoaded()) return OGRERR_FAILURE;
  if (index >= 0 && IsFiltered()) return SkipTo(index);
  const std::size_t count = area_->features().size();
  next_ = index < 0 ? count : std::min(count, static_cast<std::size_t>(index));
  return next_ < count ? OGRERR_NONE : NoSuchIndex(index);
}

GIntBig AreaLayer::GetFeatureCount(int force) {
  if (!IsLoaded()) return -1;
  if (IsFiltered()) return OGRLayer::GetFeatureCount(force);
  return static_cast<GIntBig>(area_->features().size());
}

OGRErr AreaLayer::Extent(int field, OGREnvelope* extent, bool force) {
  if (field != 0 || !IsLoaded() || !area_->extent().IsInit())
    return DatasetLayer::Extent(field, extent, force);
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
