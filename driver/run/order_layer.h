// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "driver/run_area.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// Takes the features of an area of interest; nothing is kept of them but what a run looks at.
class OrderLayer final : public ReadOnlyLayer {
 public:
  /// `srs` may be null. `name_field` as in OrderOptions.
  OrderLayer(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
             std::string name_field);

  OGRErr CreateField(NewField field, int approximation_will_do) override;
  OGRErr ICreateFeature(OGRFeature* feature) override;
  void ResetReading() override {}
  OGRFeature* GetNextFeature() override { return nullptr; }

  /// Whether a feature was refused: the area would not be the one that is meant.
  bool was_refused() const { return was_refused_; }
  Result<RunArea> Area() { return builder_.Finish(); }

 protected:
  bool Can(const char* capability) const override;

 private:
  std::string NameOf(const OGRFeature& feature) const;

  const std::string name_field_;
  RunAreaBuilder builder_;
  bool was_refused_ = false;
};

}  // namespace s2c
