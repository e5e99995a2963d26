// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/inference_data.h"
#include "driver/table_head.h"
#include "driver/table_rows.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// A CSV output as a layer: its rows with types, and with the geometries that its dimension `space`
/// names. Nothing is asked for before somebody wants to know its fields.
class TableLayer final : public ReadOnlyLayer {
 public:
  /// `index` is the place of the output.
  TableLayer(std::shared_ptr<InferenceData> data, std::size_t index, const std::string& name);

  /// What GetLayerDefn() does, telling whether the file is there and is a table. What is wrong is
  /// reported the first time.
  bool IsLoaded();

  void ResetReading() override;
  OGRFeature* GetNextFeature() override;
  OGRFeature* GetFeature(GIntBig fid) override;
  GIntBig GetFeatureCount(int force) override;

 protected:
  void Load() override;
  bool Can(const char* capability) const override;
  OGRErr Extent(int field, OGREnvelope* extent, bool force) override;

 private:
  OGRFeature* NextFeature();
  bool Define();
  bool ReadHead(const std::string& path);
  bool DefineGeometry();
  const Output& output() const { return data_->resolved().inference.outputs[index_]; }
  bool IsFiltered() const { return m_poFilterGeom || m_poAttrQuery; }
  std::unique_ptr<OGRFeature> MakeFeature(const TableRow& row);
  void SetGeometry(OGRFeature& feature, const TableRow& row);
  void Warn(const std::string& what) const;
  void WarnOnce(std::size_t topic, const std::string& what);

  const std::shared_ptr<InferenceData> data_;
  const std::size_t index_;
  TableHead head_;
  std::unique_ptr<TableRows> rows_;       ///< null where the layer could not be loaded
  const AreaOfInterest* area_ = nullptr;  ///< null where rows have no geometry
  bool loaded_ = false;
  std::string failure_;  ///< why it could not be loaded
  GIntBig count_ = -1;
  bool at_end_ = false;       ///< whether the last reading came to the end of the file
  std::vector<bool> warned_;  ///< by column, then short lines, then unknown places
};

}  // namespace s2c
