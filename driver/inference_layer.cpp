// SPDX-License-Identifier: MIT
#include "driver/inference_layer.h"

#include "vsi/report.h"

namespace s2c {

bool InferenceLayer::IsLoaded() {
  Load();
  return is_loaded_;
}

void InferenceLayer::Load() {
  if (was_tried_) return;
  was_tried_ = true;
  is_loaded_ = Guarded([&] { return Define(); }, false);
  if (!is_loaded_) failure_ = CPLGetLastErrorMsg();
}

OGRFeature* InferenceLayer::GetNextFeature() {
  if (IsLoaded()) return Guarded([&] { return NextFeature(); }, nullptr).release();
  // Again, or whoever copies the layer takes it for an empty one.
  CPLError(CE_Failure, CPLE_AppDefined, "%s", failure_.c_str());
  return nullptr;
}

}  // namespace s2c
