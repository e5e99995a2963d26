// SPDX-License-Identifier: MIT
#include "driver/many/many_results.h"

#include <memory>
#include <utility>

#include "client/base/text.h"
#include "driver/many/many_dataset.h"
#include "driver/many/many_layout.h"
#include "driver/many/selected_outputs.h"
#include "vsi/paths.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// Of the memory for blocks, what may be asked for ahead of what is read.
constexpr std::size_t kShareAhead = 4;

Result<std::unique_ptr<ManyDataset>> Open(const Selection& selection, const std::string& name,
                                          CSLConstList open_options) {
  const auto settings = ReadSettings(kVsiPrefix, open_options);
  if (!settings) return Pass(settings);
  const auto many = ReadManySettings(kVsiPrefix, open_options);
  if (!many) return Pass(many);
  const auto raster = ReadRasterSettings(kVsiPrefix, open_options);
  if (!raster) return Pass(raster);
  auto session = Session::For(*settings);
  if (!session) return Pass(session);
  SelectedOutputs selected(*session, selection, name,
                           std::make_shared<const RasterSettings>(*raster));
  const Status found = selected.Find();
  if (!found) return Pass(found);
  const std::uint64_t most_ahead = settings->cache_size / kShareAhead;
  auto layout = LayOut(selection.kind, selected.sources(), *many, most_ahead);
  if (!layout) return Pass(layout);
  auto dataset = ManyDataset::Make(layout->plan, layout->sources);
  if (!dataset)
    return Fail(ErrorKind::kServer,
                "output '" + OneLine(name) + "' cannot be opened as one raster");
  return dataset;
}

}  // namespace

GDALDataset* OpenMany(const Selection& selection, const std::string& name,
                      const GDALOpenInfo& info) {
  if (!(info.nOpenFlags & GDAL_OF_RASTER)) {
    Report(Error{ErrorKind::kInvalidInput,
                 "'" + UserText(info.pszFilename) +
                     "' is a raster and no table; open it as raster data (gdalinfo)",
                 0});
    return nullptr;
  }
  auto dataset = Open(selection, name, info.papszOpenOptions);
  if (!dataset) {
    Report(dataset.error());
    return nullptr;
  }
  (*dataset)->SetDescription(info.pszFilename);
  return dataset->release();
}

}  // namespace s2c
