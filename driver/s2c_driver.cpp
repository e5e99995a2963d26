// SPDX-License-Identifier: MIT
#include "driver/s2c_driver.h"

#include <string>

#include "driver/catalogue_dataset.h"
#include "driver/names.h"
#include "driver/raster_dataset.h"
#include "vsi/directory.h"
#include "vsi/file_system.h"
#include "vsi/gdal_compat.h"
#include "vsi/options.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

int Identify(GDALOpenInfo* info) { return IsConnectionString(info->pszFilename) ? TRUE : FALSE; }

std::vector<std::size_t> Rasters(const Inference& inference) {
  std::vector<std::size_t> rasters;
  for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
    if (inference.outputs[i].IsRaster()) rasters.push_back(i);
  }
  return rasters;
}

Result<std::unique_ptr<Mount>> Resolve(std::int64_t id, CSLConstList open_options) {
  const auto settings = ReadSettings(kVsiPrefix + std::to_string(id), open_options);
  if (!settings) return Pass(settings);
  auto session = Session::For(*settings);
  if (!session) return Pass(session);
  auto inference = (*session)->GetInference(id);
  if (!inference) return Pass(inference);
  const Status finished = CheckFinished((*inference)->inference);
  if (!finished) return Pass(finished);
  return std::make_unique<Mount>(std::move(*session), std::move(*inference));
}

Error NoRaster(const Inference& inference) {
  return Error{ErrorKind::kNotFound,
               "inference " + std::to_string(inference.id) +
                   " has no raster output; list /vsis2c/" + std::to_string(inference.id) +
                   "/ to see what it has",
               0};
}

GDALDataset* OpenConnection(GDALOpenInfo* info) {
  const auto refuse = [](const Error& error) -> GDALDataset* {
    Report(error);
    return nullptr;
  };
  const auto name = ParseConnectionString(info->pszFilename);
  if (!name) return refuse(name.error());
  const bool vector = (info->nOpenFlags & GDAL_OF_VECTOR) != 0;
  const bool raster = (info->nOpenFlags & GDAL_OF_RASTER) != 0;
  if (info->eAccess == GA_Update) {
    // ogrinfo tries whether it may write, and opens for reading then.
    if (!raster && !(info->nOpenFlags & GDAL_OF_VERBOSE_ERROR)) return nullptr;
    return refuse(Error{ErrorKind::kInvalidInput,
                        std::string("'") + info->pszFilename +
                            "' cannot be opened for update: results are read-only, so copy it to "
                            "a local file first",
                        0});
  }
  if (!name->id && vector) return OpenCatalogue(info);
  if (!name->id)
    return refuse(Error{ErrorKind::kInvalidInput,
                        "'S2C:' is the catalogue, which is no raster: use S2C:ID or S2C:ID:NAME, "
                        "for example S2C:10424:Cloud_free_composite",
                        0});
  auto mount = Resolve(*name->id, info->papszOpenOptions);
  if (!mount) return refuse(mount.error());
  const Inference& inference = (*mount)->inference()->inference;
  if (name->name) {
    const auto index = FindOutput(inference, *name->name);
    if (!index) return refuse(index.error());
    if (!inference.outputs[*index].IsRaster())
      return refuse(Error{ErrorKind::kInvalidInput,
                          "output '" + inference.outputs[*index].name + "' of inference " +
                              std::to_string(inference.id) + " is no raster; open it as " +
                              kVsiPrefix + std::to_string(inference.id) + "/" +
                              ListedName(*(*mount)->inference(), *index),
                          0});
    return OpenRaster(std::move(*mount), *index);
  }
  const std::vector<std::size_t> rasters = Rasters(inference);
  if (rasters.empty()) return refuse(NoRaster(inference));
  if (rasters.size() == 1) return OpenRaster(std::move(*mount), rasters.front());
  return OpenSubdatasetList(std::move(*mount), rasters);
}

GDALDataset* Open(GDALOpenInfo* info) {
  if (!Identify(info)) return nullptr;
  return Guarded([&] { return OpenConnection(info); }, nullptr);
}

}  // namespace

void RegisterS2C() {
  // GDAL registers again without having forgotten: both are there then.
  if (GDALGetDriverByName("S2C")) return;
  SendLogToGdal();
  InstallS2CFileSystem();
  auto* const driver = new GDALDriver;
  driver->SetDescription("S2C");
  driver->SetMetadataItem(GDAL_DCAP_RASTER, "YES");
  driver->SetMetadataItem(GDAL_DCAP_VECTOR, "YES");
  driver->SetMetadataItem(GDAL_DCAP_OPEN, "YES");
  driver->SetMetadataItem(GDAL_DMD_SUPPORTED_SQL_DIALECTS, "OGRSQL SQLITE");
  driver->SetMetadataItem(GDAL_DMD_LONGNAME, "Sen2Cube.AT semantic Earth observation data cube");
  driver->SetMetadataItem(GDAL_DMD_CONNECTION_PREFIX, "S2C:");
  driver->SetMetadataItem(GDAL_DMD_SUBDATASETS, "YES");
  driver->SetMetadataItem(GDAL_DMD_OPENOPTIONLIST, OptionsXml("OpenOptionList", "").c_str());
  driver->pfnIdentify = Identify;
  driver->pfnOpen = Open;
  GetGDALDriverManager()->RegisterDriver(driver);
}

}  // namespace s2c
