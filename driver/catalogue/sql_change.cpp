// SPDX-License-Identifier: MIT
#include "driver/catalogue/sql_change.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "driver/kept_messages.h"
#include "vsi/report.h"

namespace s2c {
namespace {

std::size_t CountChanges(const std::vector<WritableLayer*>& layers) {
  std::size_t count = 0;
  for (const WritableLayer* layer : layers) count += layer->change_count();
  return count;
}

// The dialect leaves its own filters behind, of any layer that the statement has read.
class FilterKeeper {
 public:
  explicit FilterKeeper(GDALDataset& dataset) {
    for (OGRLayer* layer : dataset.GetLayers()) {
      const char* const filter = layer->GetAttrQueryString();
      kept_.emplace_back(layer, filter ? std::optional<std::string>(filter) : std::nullopt);
    }
  }
  FilterKeeper(const FilterKeeper&) = delete;
  FilterKeeper& operator=(const FilterKeeper&) = delete;
  ~FilterKeeper() {
    for (const auto& [layer, filter] : kept_)
      layer->SetAttributeFilter(filter ? filter->c_str() : nullptr);
  }

 private:
  std::vector<std::pair<OGRLayer*, std::optional<std::string>>> kept_;
};

// What the dialect says of a row that was refused is less than what the layer has said.
void Tell(const std::vector<KeptMessage>& messages, std::size_t changed) {
  for (const KeptMessage& message : messages) {
    if (message.level == CE_Warning) message.Say();
  }
  const auto cause = std::find_if(messages.begin(), messages.end(),
                                  [](const KeptMessage& message) { return message.IsFailure(); });
  if (cause == messages.end()) return;
  KeptMessage told = *cause;
  if (changed > 0)
    told.text += "; rows that were changed before, and stay so: " + std::to_string(changed);
  told.Say();
}

// Of one that was created.
std::string Columns(const WritableLayer& layer, std::int64_t id) {
  const std::string number = std::to_string(id);
  return number + " AS id" + (layer.opens() ? ", 'S2C:" + number + "' AS dataset" : "");
}

}  // namespace

OGRLayer* ChangeRows(GDALDataset& dataset, const std::vector<WritableLayer*>& layers,
                     const std::string& statement, OGRGeometry* place) {
  const FilterKeeper filters(dataset);
  for (WritableLayer* layer : layers) layer->TakeCreated();
  const std::size_t before = CountChanges(layers);
  // A result of its own (RETURNING) would run the statement again for whoever reads it twice.
  const auto messages = KeepMessages([&] {
    dataset.ReleaseResultSet(dataset.GDALDataset::ExecuteSQL(statement.c_str(), place, "SQLITE"));
  });
  Tell(messages, CountChanges(layers) - before);
  std::string created;
  for (WritableLayer* layer : layers) {
    for (const std::int64_t id : layer->TakeCreated())
      created += (created.empty() ? "SELECT " : " UNION ALL SELECT ") + Columns(*layer, id);
  }
  return created.empty() ? nullptr
                         : dataset.GDALDataset::ExecuteSQL(created.c_str(), nullptr, "SQLITE");
}

}  // namespace s2c
