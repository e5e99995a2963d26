// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "driver/inference_data.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// A layer of one inference. Nothing is asked for before somebody wants to know its fields; what
/// is wrong then is reported, and again for each row that is wanted.
class InferenceLayer : public ReadOnlyLayer {
 public:
  /// What GetLayerDefn() does, telling whether there is anything to read.
  bool IsLoaded();

  OGRFeature* GetNextFeature() final;

 protected:
  InferenceLayer(std::shared_ptr<InferenceData> data, const std::string& name,
                 OGRwkbGeometryType geometry_type)
      : ReadOnlyLayer(name.c_str(), geometry_type, ""), data_(std::move(data)) {}

  void Load() final;
  /// Completes the definition; false after an error that was reported. Called once.
  virtual bool Define() = 0;
  /// Of a loaded layer; null at the end, or after an error that was reported.
  virtual std::unique_ptr<OGRFeature> NextFeature() = 0;

  InferenceData& data() const { return *data_; }
  bool IsFiltered() const { return m_poFilterGeom || m_poAttrQuery; }

 private:
  const std::shared_ptr<InferenceData> data_;
  bool was_tried_ = false;
  bool is_loaded_ = false;
  std::string failure_;  ///< why it could not be loaded
};

}  // namespace s2c
