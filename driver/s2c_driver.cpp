// SPDX-License-Identifier: MIT
#include "driver/s2c_driver.h"

#include <memory>
#include <string>

#include "client/base/text.h"
#include "driver/catalogue/catalogue_dataset.h"
#include "driver/many/many_results.h"
#include "driver/names.h"
#include "driver/open_options.h"
#include "driver/raster/first_reference.h"
#include "driver/raster/raster_dataset.h"
#include "driver/run/algorithms.h"
#include "driver/run/order_dataset.h"
#include "driver/run/order_options.h"
#include "driver/tables/table_dataset.h"
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

// The inference when it has ended.
Result<InferencePtr> WaitFor(const std::shared_ptr<Session>& session, std::int64_t id,
                             const WaitPolicy& policy) {
  const auto waited = WaitForRun(session, id, policy, nullptr, SystemClock());
  if (!waited) return Pass(waited);
  if (waited->end != RunEnd::kSucceeded) return tl::unexpected<Error>(waited->error);
  session->ForgetInference(id);
  return session->GetInference(id);
}

Result<std::unique_ptr<Mount>> Resolve(std::int64_t id, CSLConstList open_options, bool may_wait,
                                       const Session::Wanted& wanted = nullptr,
                                       const Session::Meanwhile& meanwhile = nullptr) {
  const std::string path = kVsiPrefix + std::to_string(id);
  const auto settings = ReadSettings(path, open_options);
  if (!settings) return Pass(settings);
  const auto waiting = ReadWaitSettings(path, open_options);
  if (!waiting) return Pass(waiting);
  auto session = Session::For(*settings);
  if (!session) return Pass(session);
  auto inference = (*session)->GetInference(id, wanted, meanwhile);
  if (inference && may_wait && waiting->wait && !(*inference)->inference.Succeeded())
    inference = WaitFor(*session, id, waiting->policy);
  if (!inference) return Pass(inference);
  return std::make_unique<Mount>(std::move(*session), std::move(*inference));
}

GDALDataset* Refuse(const Error& error) {
  Report(error);
  return nullptr;
}

Error NoRaster(const Inference& inference) {
  const std::string id = std::to_string(inference.id);
  return Error{ErrorKind::kNotFound,
               "inference " + id + " has no raster output; open S2C:" + id +
                   " as vector data for its tables, or list /vsis2c/" + id + "/ to see what it has",
               0};
}

// An output that is not of the kind that was asked for.
Error WrongKind(const ResolvedInference& resolved, std::size_t index) {
  const Output& output = resolved.inference.outputs[index];
  const std::string id = std::to_string(resolved.inference.id);
  std::string is = " is no raster and no table; open it as " + std::string(kVsiPrefix) + id + "/" +
                   ListedName(resolved, index);
  if (output.IsRaster()) is = " is a raster and no table; open it as raster data (gdalinfo)";
  if (output.IsTable()) is = " is a table and no raster; open it as vector data (ogrinfo)";
  return Error{ErrorKind::kInvalidInput, "output '" + output.name + "' of inference " + id + is, 0};
}

GDALDataset* OpenOutput(std::unique_ptr<Mount> mount, std::size_t index, const GDALOpenInfo& info) {
  const Output& output = mount->inference()->inference.outputs[index];
  const int kinds = info.nOpenFlags;
  if (output.IsRaster() && (kinds & GDAL_OF_RASTER))
    return OpenRaster(std::move(mount), index, info.papszOpenOptions);
  if (output.IsTable() && (kinds & GDAL_OF_VECTOR)) return OpenTable(std::move(mount), index);
  return Refuse(WrongKind(*mount->inference(), index));
}

// A raster where there is one and a raster will do, else the tables.
GDALDataset* OpenInference(std::unique_ptr<Mount> mount, const GDALOpenInfo& info) {
  const Inference& inference = mount->inference()->inference;
  const int kinds = info.nOpenFlags;
  const std::vector<std::size_t> rasters = Rasters(inference);
  if (kinds & GDAL_OF_RASTER) {
    if (rasters.size() == 1)
      return OpenRaster(std::move(mount), rasters.front(), info.papszOpenOptions);
    if (!rasters.empty()) return OpenSubdatasetList(std::move(mount), rasters);
  }
  if (kinds & GDAL_OF_VECTOR) return OpenTables(std::move(mount));
  return Refuse(NoRaster(inference));
}

// What OpenOutput() and OpenInference() read of an inference without being asked for more; null
// where that is nothing, or cannot be told.
const Output* WantedOutput(const Inference& inference, const ConnectionString& name,
                           const GDALOpenInfo& info) {
  const int kinds = info.nOpenFlags;
  const std::vector<std::size_t> rasters = Rasters(inference);
  const auto only =
      rasters.size() == 1 ? Result<std::size_t>(rasters.front()) : Fail(ErrorKind::kNotFound, "");
  const auto index = name.name ? FindOutput(inference, *name.name) : only;
  if (!index) return nullptr;
  const Output& output = inference.outputs[*index];
  const auto settings =
      ReadRasterSettings(kVsiPrefix + std::to_string(inference.id), info.papszOpenOptions);
  if (!settings || settings->native_crs) return nullptr;
  const bool is_read = (output.IsRaster() && (kinds & GDAL_OF_RASTER)) ||
                       (output.IsTable() && (kinds & GDAL_OF_VECTOR));
  return is_read ? &output : nullptr;
}

GDALDataset* OpenConnection(GDALOpenInfo* info) {
  const auto name = ParseConnectionString(info->pszFilename);
  if (!name) return Refuse(name.error());
  const int kinds = info->nOpenFlags;
  if (name->IsCatalogue() && (kinds & GDAL_OF_VECTOR)) return OpenCatalogue(info);
  if (name->IsCatalogue())
    return Refuse(Error{ErrorKind::kInvalidInput,
                        "'S2C:' is the catalogue, which is no raster: use S2C:ID or S2C:ID:NAME, "
                        "for example S2C:10424:Cloud_free_composite",
                        0});
  if (info->eAccess == GA_Update) {
    // ogrinfo and QGIS try whether they may write, and open for reading then.
    if (!(kinds & (GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR))) return nullptr;
    return Refuse(Error{ErrorKind::kInvalidInput,
                        "'" + UserText(info->pszFilename) +
                            "' cannot be opened for update: results are read-only, so copy it to "
                            "a local file first",
                        0});
  }
  if (name->selection) return OpenMany(*name->selection, *name->name, *info);
  // Not a result: it is there from the beginning, whatever becomes of the inference.
  const bool is_area =
      name->name && (kinds & GDAL_OF_VECTOR) && EqualIgnoringCase(*name->name, kAreaLayer);
  const auto wanted = [&](const ResolvedInference& resolved) {
    return WantedOutput(resolved.inference, *name, *info);
  };
  const bool may_be_first = (kinds & GDAL_OF_RASTER) && !is_area && !IsFirstReferenceFound();
  auto mount = Resolve(*name->id, info->papszOpenOptions, !is_area, wanted,
                       may_be_first ? FindFirstReference : Session::Meanwhile());
  if (!mount) return Refuse(mount.error());
  const Inference& inference = (*mount)->inference()->inference;
  const auto index =
      name->name ? FindOutput(inference, *name->name) : Result<std::size_t>(std::size_t{0});
  if (!index && is_area) return OpenArea(std::move(*mount));
  const Status finished = CheckFinished(inference);
  if (!finished) return Refuse(finished.error());
  if (!index) return Refuse(index.error());
  return name->name ? OpenOutput(std::move(*mount), *index, *info)
                    : OpenInference(std::move(*mount), *info);
}

GDALDataset* Open(GDALOpenInfo* info) {
  if (!Identify(info)) return nullptr;
  return Guarded(
      [&] {
        std::unique_ptr<GDALDataset> dataset(OpenConnection(info));
        if (dataset) KeepOpenOptions(*dataset, *info);
        return dataset.release();
      },
      nullptr);
}

CPLErr RefuseChange(const char* name, const char* what) {
  Report(Error{ErrorKind::kInvalidInput, "'" + UserText(name) + "' cannot be " + what, 0});
  return CE_Failure;
}

CPLErr Delete(const char* name) {
  // Whoever makes S2C: anew (CreateOrder) has GDAL delete it before; there is nothing to be
  // deleted.
  if (const auto parsed = ParseConnectionString(name); parsed && parsed->IsCatalogue())
    return CE_Failure;
  return RefuseChange(name,
                      "deleted or written: results are read-only, so write to a local file; an "
                      "inference is deleted by `s2c delete ID`");
}

CPLErr Rename(const char*, const char* old_name) {
  return RefuseChange(old_name, "renamed: results are read-only, so copy it to a local file");
}

// The path of the only file that a name stands for.
Result<std::string> PathOf(const char* name) {
  const auto parsed = ParseConnectionString(name);
  if (!parsed) return Pass(parsed);
  const std::string which = "'" + UserText(name) + "' ";
  if (parsed->IsCatalogue())
    return Fail(ErrorKind::kInvalidInput,
                which + "is the catalogue, which has no files: ogr2ogr copies its layers");
  if (parsed->selection)
    return Fail(ErrorKind::kInvalidInput,
                which + "is made of many files: gdal_translate copies its pixels");
  const auto mount = Resolve(*parsed->id, nullptr, true);
  if (!mount) return Pass(mount);
  const ResolvedInference& resolved = *(*mount)->inference();
  const Status finished = CheckFinished(resolved.inference);
  if (!finished) return Pass(finished);
  const std::string folder = kVsiPrefix + std::to_string(*parsed->id) + "/";
  if (!parsed->name && resolved.inference.outputs.size() != 1)
    return Fail(ErrorKind::kInvalidInput, which +
                                              "has not one file: name an output, S2C:ID:NAME, or "
                                              "copy the folder " +
                                              folder);
  const auto index =
      parsed->name ? FindOutput(resolved.inference, *parsed->name) : Result<std::size_t>(0U);
  if (!index) return Pass(index);
  return folder + ListedName(resolved, *index);
}

CPLErr CopyFiles(const char* new_name, const char* old_name) {
  return Guarded(
      [&] {
        const auto path = PathOf(old_name);
        if (!path) {
          Report(path.error());
          return CE_Failure;
        }
        return VSISync(path->c_str(), new_name, nullptr, nullptr, nullptr, nullptr) ? CE_None
                                                                                    : CE_Failure;
      },
      CE_Failure);
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
  driver->SetMetadataItem(GDAL_DCAP_CREATE, "YES");
  driver->SetMetadataItem(GDAL_DCAP_CREATE_LAYER, "YES");
  driver->SetMetadataItem(GDAL_DCAP_CREATE_FIELD, "YES");
  driver->SetMetadataItem(GDAL_DMD_SUPPORTED_SQL_DIALECTS, "OGRSQL SQLITE");
  driver->SetMetadataItem(GDAL_DMD_LONGNAME, "Sen2Cube.AT semantic Earth observation data cube");
  driver->SetMetadataItem(GDAL_DMD_CONNECTION_PREFIX, "S2C:");
  driver->SetMetadataItem(GDAL_DMD_SUBDATASETS, "YES");
  // GDAL asks for these from 3.11 on.
  driver->SetMetadataItem("DCAP_UPDATE", "YES");
  driver->SetMetadataItem("DMD_UPDATE_ITEMS", "Features");
  driver->SetMetadataItem(GDAL_DMD_OPENOPTIONLIST, OptionsXml("OpenOptionList", "").c_str());
  driver->SetMetadataItem(GDAL_DMD_CREATIONOPTIONLIST,
                          OptionsXml("CreationOptionList", "").c_str());
  driver->SetMetadataItem(GDAL_DS_LAYER_CREATIONOPTIONLIST, OrderOptionsXml().c_str());
  driver->SetMetadataItem(GDAL_DMD_CREATIONFIELDDATATYPES,
                          "Integer Integer64 Real String Date Time DateTime Binary IntegerList "
                          "Integer64List RealList StringList");
  driver->pfnIdentify = Identify;
  driver->pfnOpen = Open;
  driver->pfnCreate = CreateOrder;
  driver->pfnDelete = Delete;
  driver->pfnRename = Rename;
  driver->pfnCopyFiles = CopyFiles;
  DeclareAlgorithms(*driver);
  GetGDALDriverManager()->RegisterDriver(driver);
}

}  // namespace s2c
