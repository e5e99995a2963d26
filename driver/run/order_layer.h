// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "driver/run_area.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// Takes the features of an area of interest; nothing is kept of them but what a run looks at.
class OrderLayer final : public DatasetLayer {
 public:
  /// `srs` may be null. `name_field` as in OrderOptions. `finish` runs what there is, once, and
  /// gives false after an error that was reported.
  OrderLayer(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
             std::string name_field, std::function<bool()> finish);

  OGRErr CreateField(NewField field, int approximation_will_do) override;
  OGRErr ICreateFeature(OGRFeature* feature) override;
  /// Before GDAL 3.7 nobody hears of a failure when the dataset is closed.
  OGRErr SyncToDisk() override { return finish_() ? OGRERR_NONE : OGRERR_FAILURE; }
  void ResetReading() override {}
  OGRFeature* GetNextFeature() override { return nullptr; }

  /// Whether a feature was refused: the area would not be the one that is meant.
  bool was_refused() const { return was_refused_; }
  /// After which no feature is taken.
  Result<RunArea> Area();

 protected:
  bool Can(const char* capability) const override;

 private:
  Result<std::string> NameOf(const OGRFeature& feature) const;

  const std::string name_field_;
  const std::function<bool()> finish_;
  RunAreaBuilder builder_;
  bool has_begun_ = false;  ///< to run
  bool was_refused_ = false;
};

}  // namespace s2c
