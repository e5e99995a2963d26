// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "driver/inference_data.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// The features of the area of interest, with their properties.
class AreaLayer final : public ReadOnlyLayer {
 public:
  AreaLayer(std::shared_ptr<InferenceData> data, const std::string& name);

  /// What GetLayerDefn() does, telling whether the area of interest could be had.
  bool IsLoaded();

  void ResetReading() override { next_ = 0; }
  OGRFeature* GetNextFeature() override;
  OGRFeature* GetFeature(GIntBig fid) override;
  OGRErr SetNextByIndex(GIntBig index) override;
  GIntBig GetFeatureCount(int force) override;

 protected:
  void Load() override;
  bool Can(const char* capability) const override;
  OGRErr Extent(int field, OGREnvelope* extent, bool force) override;

 private:
  void Define();
  OGRFeature* NextFeature();
  bool IsFiltered() const { return m_poFilterGeom || m_poAttrQuery; }
  std::unique_ptr<OGRFeature> Copy(const OGRFeature& feature) const;

  const std::shared_ptr<InferenceData> data_;
  const AreaOfInterest* area_ = nullptr;
  bool loaded_ = false;
  std::string failure_;  ///< why the area could not be had
  std::size_t next_ = 0;
};

}  // namespace s2c
