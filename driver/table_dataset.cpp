// SPDX-License-Identifier: MIT
#include "driver/table_dataset.h"

#include <algorithm>
#include <string>
#include <vector>

#include "driver/area_layer.h"
#include "driver/inference_data.h"
#include "driver/names.h"
#include "driver/raster_metadata.h"
#include "driver/table_layer.h"
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

  TableLayer& AddTable(std::size_t index) {
    const std::string name = OutputNames(data_->resolved().inference)[index];
    auto layer = std::make_unique<TableLayer>(data_, index, name);
    TableLayer& added = *layer;
    AddLayer(std::move(layer));
    // The path under which anybody finds the file again; the mounted one ends with this dataset.
    files_.AddString((kVsiPrefix + std::to_string(data_->resolved().inference.id) + "/" +
                      ListedName(data_->resolved(), index))
                         .c_str());
    return added;
  }

  AreaLayer& AddArea(const std::string& name) {
    auto layer = std::make_unique<AreaLayer>(data_, name);
    AreaLayer& added = *layer;
    AddLayer(std::move(layer));
    return added;
  }

  const Inference& inference() const { return data_->resolved().inference; }

  char** GetMetadataDomainList() override {
    CPLStringList domains(GDALDataset::GetMetadataDomainList());
    domains.AddString(InferenceDocument::kDomain);
    return domains.StealList();
  }

  MetadataList GetMetadata(const char* domain) override {
    if (!InferenceDocument::IsDomain(domain)) return GDALDataset::GetMetadata(domain);
    return Guarded([&]() -> MetadataList { return data_->document().Metadata(); }, nullptr);
  }

  char** GetFileList() override { return CSLDuplicate(files_.List()); }

 private:
  const std::shared_ptr<InferenceData> data_;
  CPLStringList files_;
};

// An output may have the name; then the other layer is the second one.
std::string AreaLayerName(const Inference& inference) {
  const std::vector<std::string> taken = OutputNames(inference);
  std::string name = kAreaLayer;
  for (int twin = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++twin)
    name = std::string(kAreaLayer) + " (" + std::to_string(twin) + ")";
  return name;
}

}  // namespace

GDALDataset* OpenTables(std::unique_ptr<Mount> mount) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  const Inference& inference = dataset->inference();
  for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
    if (inference.outputs[i].IsTable()) dataset->AddTable(i);
  }
  dataset->AddArea(AreaLayerName(inference));
  return dataset.release();
}

GDALDataset* OpenTable(std::unique_ptr<Mount> mount, std::size_t index) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  return dataset->AddTable(index).IsLoaded() ? dataset.release() : nullptr;
}

GDALDataset* OpenArea(std::unique_ptr<Mount> mount) {
  auto dataset = std::make_unique<TableDataset>(std::move(mount));
  return dataset->AddArea(kAreaLayer).IsLoaded() ? dataset.release() : nullptr;
}

}  // namespace s2c
