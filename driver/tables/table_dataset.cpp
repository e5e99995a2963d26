// SPDX-License-Identifier: MIT
#include "driver/tables/table_dataset.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "driver/names.h"
#include "driver/result_metadata.h"
#include "driver/sql_statement.h"
#include "driver/tables/area_layer.h"
#include "driver/tables/inference_data.h"
#include "driver/tables/table_layer.h"
#include "vsi/directory.h"
#include "vsi/report.h"

namespace s2c {
namespace {

class TableDataset final : public LayerDataset {
 public:
  explicit TableDataset(std::unique_ptr<Mount> mount)
      : data_(std::make_shared<InferenceData>(std::move(mount))) {
    CPLStringList items(InferenceMetadata(data_->resolved()));
    GDALDataset::SetMetadata(items.List());
  }

  /// `name` is the layer's, `shown` and `file` are the names of the output at `index` in
  /// S2C:ID:NAME and in the listing.
  TableLayer& AddTable(std::size_t index, const std::string& name, const std::string& shown,
                       const std::string& file) {
    auto layer = std::make_unique<TableLayer>(data_, index, name);
    TableLayer& added = *layer;
    AddLayer(std::move(layer));
    shown_.push_back(shown);
    // The path under which anybody finds the file again; the mounted one ends with this dataset.
    files_.AddString((kVsiPrefix + std::to_string(inference().id) + "/" + file).c_str());
    return added;
  }

  AreaLayer& AddArea(const std::string& name) {
    auto layer = std::make_unique<AreaLayer>(data_, name);
    AreaLayer& added = *layer;
    AddLayer(std::move(layer));
    shown_.push_back(kAreaLayer);
    return added;
  }

  const ResolvedInference& resolved() const { return data_->resolved(); }
  const Inference& inference() const { return resolved().inference; }

  OGRLayer* ExecuteSQL(const char* statement, OGRGeometry* place, const char* dialect) override {
    if (SqlKindOf(statement) != SqlKind::kReads) return NoLayer();
    return LayerDataset::ExecuteSQL(statement, place, dialect);
  }

  char** GetMetadataDomainList() override {
    return InferenceDocument::WithDomain(GDALDataset::GetMetadataDomainList());
  }

  MetadataList GetMetadata(const char* domain) override {
    if (!InferenceDocument::IsDomain(domain)) return GDALDataset::GetMetadata(domain);
    return data_->document().Metadata();
  }

  // A layer is found by its own name, then by that of what it shows: GDAL, which ignores case,
  // would give another for the name of an output whose layer had to get a second one.
  OGRLayer* GetLayerByName(const char* name) override {
    if (!name) return nullptr;
    for (int i = 0; i < GetLayerCount(); ++i) {
      OGRLayer* const layer = GetLayer(i);
      if (layer && std::strcmp(layer->GetName(), name) == 0) return layer;
    }
    const auto shown = std::find(shown_.begin(), shown_.end(), name);
    return shown != shown_.end() ? GetLayer(static_cast<int>(shown - shown_.begin()))
                                 : GDALDataset::GetLayerByName(name);
  }

  char** GetFileList() override { return CSLDuplicate(files_.List()); }

 private:
  const std::shared_ptr<InferenceData> data_;
  std::vector<std::string> shown_;  ///< by layer, the name that S2C:ID:NAME has for it
  CPLStringList files_;
};

bool HasSpace(const Output& output) {
  return std::find(output.dims.begin(), output.dims.end(), "space") != output.dims.end();
}

}  // namespace

GDALDataset* OpenTables(std::unique_ptr<Mount> mount) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  const Inference& inference = dataset->inference();
  const std::vector<std::string> names = LayerNames(inference);
  const std::vector<std::string> outputs = OutputNames(inference);
  const std::vector<std::string> files = ListedNames(dataset->resolved());
  const auto add = [&](bool with_space) {
    auto name = names.begin();
    for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
      const Output& output = inference.outputs[i];
      if (!output.IsTable()) continue;
      if (HasSpace(output) == with_space) dataset->AddTable(i, *name, outputs[i], files[i]);
      ++name;
    }
  };
  // Programs that take one layer take the first, and its reference system for that of all: it is
  // one with places (issue 10).
  add(true);
  dataset->AddArea(names.back());
  add(false);
  return dataset.release();
}

GDALDataset* OpenTable(std::unique_ptr<Mount> mount, std::size_t index) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  const std::string name = OutputNames(dataset->inference())[index];
  const std::string file = ListedName(dataset->resolved(), index);
  return dataset->AddTable(index, HarmlessName(name), name, file).IsLoaded() ? dataset.release()
                                                                             : nullptr;
}

GDALDataset* OpenArea(std::unique_ptr<Mount> mount) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  return dataset->AddArea(kAreaLayer).IsLoaded() ? dataset.release() : nullptr;
}

}  // namespace s2c
