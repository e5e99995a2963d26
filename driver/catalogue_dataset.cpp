// SPDX-License-Identifier: MIT
#include "driver/catalogue_dataset.h"

#include "driver/catalogue_layer.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {

GDALDataset* OpenCatalogue(GDALOpenInfo* info) {
  const auto settings = ReadSettings(kVsiPrefix, info->papszOpenOptions);
  auto session =
      settings ? Session::For(*settings) : Result<std::shared_ptr<Session>>(Pass(settings));
  if (!session) {
    Report(session.error());
    return nullptr;
  }
  auto dataset = std::make_unique<LayerDataset>();
  for (const CatalogueTable& table : CatalogueTables())
    dataset->AddLayer(std::make_unique<CatalogueLayer>(table, *session, SystemClock()));
  return dataset.release();
}

}  // namespace s2c
