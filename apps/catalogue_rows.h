// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/answer.h"
#include "apps/commands.h"

namespace s2c {

/// Which rows of a layer are meant.
struct RowSelection {
  std::string where;                  ///< OGR's attribute filter
  std::vector<std::string> statuses;  ///< of inferences; one of them
  std::vector<std::int64_t> ids;      ///< one of them
};

void AddSelection(CLI::App& command, RowSelection& selection);
void AddStatuses(CLI::App& command, RowSelection& selection);

/// Rows of a layer of the catalogue, newest first and to the last page: `S2C:` opened as any
/// program opens it, so that what a condition means is in one place.
class CatalogueRows {
 public:
  /// Asks the service whether it is there, and for no row. `fields` are those of the records; "id"
  /// is the row's number.
  static Result<CatalogueRows> Open(const GeneralOptions& general, const char* layer,
                                    const RowSelection& selection, std::vector<std::string> fields);

  /// Nothing at the end.
  Result<std::optional<Record>> Next();

 private:
  CatalogueRows(GDALDatasetUniquePtr dataset, OGRLayer* layer, std::vector<std::string> fields);
  Status Select(const RowSelection& selection);
  Record RecordOf(OGRFeature& feature) const;

  GDALDatasetUniquePtr dataset_;
  OGRLayer* layer_;
  std::vector<std::string> fields_;
};

}  // namespace s2c
