// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "driver/tables/inference_layer.h"

namespace s2c {

/// The features of the area of interest, with their properties.
class AreaLayer final : public InferenceLayer {
 public:
  AreaLayer(std::shared_ptr<InferenceData> data, const std::string& name);

  void ResetReading() override { next_ = 0; }
  OGRErr SetNextByIndex(GIntBig index) override;
  GIntBig GetFeatureCount(int force) override;

 protected:
  bool Define() override;
  std::unique_ptr<OGRFeature> NextFeature() override;
  std::unique_ptr<OGRFeature> Feature(GIntBig fid) override;
  bool Can(const char* capability) const override;
  OGRErr Extent(int field, OGREnvelope* extent, bool force) override;

 private:
  std::unique_ptr<OGRFeature> Copy(const OGRFeature& feature) const;

  const AreaOfInterest* area_ = nullptr;  ///< null where it could not be had
  std::size_t next_ = 0;
};

}  // namespace s2c
