// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "driver/inference_document.h"
#include "driver/tables/area_of_interest.h"
#include "vsi/paths.h"

namespace s2c {

/// What the layers of one inference share: its mount, its document and its area of interest, the
/// last two fetched when the first of them needs it.
class InferenceData {
 public:
  explicit InferenceData(std::unique_ptr<Mount> mount)
      : mount_(std::move(mount)), document_(*mount_) {}

  const Mount& mount() const { return *mount_; }
  const ResolvedInference& resolved() const { return *mount_->inference(); }
  InferenceDocument& document() { return document_; }

  /// Null after an error that was reported. What is no GeoJSON is a warning, and no features.
  const AreaOfInterest* Area();

  /// "output 'NAME' of inference ID", for messages.
  std::string NameOf(const Output& output) const;

 private:
  const std::unique_ptr<Mount> mount_;
  InferenceDocument document_;
  std::unique_ptr<AreaOfInterest> area_;
};

}  // namespace s2c
