// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/kept_messages.h"
#include "driver/tables/inference_data.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// A layer of one inference. Nothing is asked for before somebody wants to know its fields; what
/// is wrong then is reported, and again for each row that is wanted. What is only odd is told when
/// the first row is read: GDAL 3.13's ogr2ogr takes every message of GetLayerDefn() for a failure
/// (issue 10).
class InferenceLayer : public DatasetLayer {
 public:
  /// What GetLayerDefn() does, telling whether there is anything to read.
  bool IsLoaded();

  OGRFeature* GetNextFeature() final;
  OGRFeature* GetFeature(GIntBig fid) final;

 protected:
  InferenceLayer(std::shared_ptr<InferenceData> data, const std::string& name,
                 OGRwkbGeometryType geometry_type)
      : DatasetLayer(name.c_str(), geometry_type, ""), data_(std::move(data)) {}

  void Load() final;
  /// Completes the definition; false after an error that was reported. Called once.
  virtual bool Define() = 0;
  /// Of a loaded layer; null at the end, or after an error that was reported.
  virtual std::unique_ptr<OGRFeature> NextFeature() = 0;
  /// The same for the feature with that FID; null where there is none, too.
  virtual std::unique_ptr<OGRFeature> Feature(GIntBig fid) = 0;

  InferenceData& data() const { return *data_; }
  bool IsFiltered() const { return m_poFilterGeom || m_poAttrQuery; }

 private:
  void TellOddities();

  const std::shared_ptr<InferenceData> data_;
  bool was_tried_ = false;
  bool is_loaded_ = false;
  KeptMessage failure_{CE_Failure, CPLE_AppDefined, ""};  ///< why it could not be loaded
  std::vector<KeptMessage> oddities_;                     ///< not told yet
};

}  // namespace s2c
