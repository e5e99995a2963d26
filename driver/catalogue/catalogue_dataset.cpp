// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_dataset.h"

#include "driver/catalogue/boolean_words.h"
#include "driver/catalogue/catalogue_layer.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

class CatalogueDataset final : public LayerDataset {
 public:
  // OGR's own dialect alone needs that; it parses a statement before a layer sees its condition.
  OGRLayer* ExecuteSQL(const char* statement, OGRGeometry* place, const char* dialect) override {
    if (!statement || (dialect && EQUAL(dialect, "SQLITE")))
      return LayerDataset::ExecuteSQL(statement, place, dialect);
    return LayerDataset::ExecuteSQL(WithoutBooleanWords(statement, BooleanFields()).c_str(), place,
                                    dialect);
  }
};

}  // namespace

GDALDataset* OpenCatalogue(GDALOpenInfo* info) {
  const auto settings = ReadSettings(kVsiPrefix, info->papszOpenOptions);
  auto session =
      settings ? Session::For(*settings) : Result<std::shared_ptr<Session>>(Pass(settings));
  // A wrong login or a dead service is told here, where programs look for it, and not as an empty
  // layer later (issue 10).
  const Status alive = session ? (*session)->CheckService() : Status(Pass(session));
  if (!alive) {
    Report(alive.error());
    return nullptr;
  }
  auto dataset = std::make_unique<CatalogueDataset>();
  for (const CatalogueTable& table : CatalogueTables())
    dataset->AddLayer(std::make_unique<CatalogueLayer>(table, *session, SystemClock()));
  return dataset.release();
}

}  // namespace s2c
