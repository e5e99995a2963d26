// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/tables/inference_layer.h"
#include "driver/tables/table_head.h"
#include "driver/tables/table_rows.h"

namespace s2c {

/// A CSV output as a layer: its rows with types, and with the geometries that its dimension `space`
/// names.
class TableLayer final : public InferenceLayer {
 public:
  /// `index` is the place of the output.
  TableLayer(std::shared_ptr<InferenceData> data, std::size_t index, const std::string& name);

  void ResetReading() override;
  OGRErr SetNextByIndex(GIntBig index) override;
  GIntBig GetFeatureCount(int force) override;

 protected:
  bool Define() override;
  std::unique_ptr<OGRFeature> NextFeature() override;
  std::unique_ptr<OGRFeature> Feature(GIntBig fid) override;
  bool Can(const char* capability) const override;
  OGRErr Extent(int field, OGREnvelope* extent, bool force) override;

 private:
  bool ReadHead();
  bool DefineGeometry();
  const Output& output() const { return data().resolved().inference.outputs[index_]; }
  std::unique_ptr<OGRFeature> MakeFeature(const TableRow& row);
  void SetGeometry(OGRFeature& feature, const TableRow& row);
  void Warn(const std::string& what) const;
  void WarnOnce(std::size_t topic, const std::string& what);
  void LookAtEnd(const TableRow& last);

  const std::size_t index_;
  TableHead head_;
  std::unique_ptr<TableRows> rows_;       ///< null where the layer could not be loaded
  const AreaOfInterest* area_ = nullptr;  ///< null where rows have no geometry
  GIntBig count_ = -1;
  bool at_end_ = false;           ///< whether the last reading came to the end of the file
  bool is_beyond_ = false;        ///< of all rows, till the next reading
  std::optional<TableRow> last_;  ///< of this reading, without cells before the first; or unknown
  std::vector<bool> warned_;      ///< by column, then short lines, unknown places, an open quote
};

}  // namespace s2c
