// SPDX-License-Identifier: MIT
#include "driver/tables/inference_layer.h"

#include <utility>

#include "vsi/report.h"

namespace s2c {

bool InferenceLayer::IsLoaded() {
  Load();
  return is_loaded_;
}

void InferenceLayer::Load() {
  if (was_tried_) return;
  was_tried_ = true;
  const auto messages =
      KeepMessages([&] { is_loaded_ = Guarded([&] { return Define(); }, false); });
  for (const KeptMessage& message : messages) {
    if (message.IsFailure()) failure_ = message;
    if (is_loaded_ && !message.IsFailure()) {
      oddities_.push_back(message);
    } else {
      message.Say();
    }
  }
}

void InferenceLayer::TellOddities() {
  for (const KeptMessage& oddity : std::exchange(oddities_, {})) oddity.Say();
}

OGRFeature* InferenceLayer::GetNextFeature() {
  const bool is_loaded = IsLoaded();
  TellOddities();
  if (is_loaded) return Guarded([&] { return NextFeature(); }, nullptr).release();
  // Again, or whoever copies the layer takes it for an empty one.
  failure_.Say();
  return nullptr;
}

OGRFeature* InferenceLayer::GetFeature(GIntBig fid) {
  const bool is_loaded = IsLoaded();
  TellOddities();
  return is_loaded ? Guarded([&] { return Feature(fid); }, nullptr).release() : nullptr;
}

}  // namespace s2c
