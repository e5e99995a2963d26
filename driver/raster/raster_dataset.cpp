// SPDX-License-Identifier: MIT
#include "driver/raster/raster_dataset.h"

#include <optional>
#include <vector>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/inference_document.h"
#include "driver/names.h"
#include "driver/raster/grid_files.h"
#include "driver/raster/native_file.h"
#include "driver/raster/raster_band.h"
#include "driver/raster/raster_file.h"
#include "driver/result_metadata.h"
#include "vsi/directory.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

GDALDriver* S2CDriver() { return GetGDALDriverManager()->GetDriverByName("S2C"); }

constexpr const char* kSubdatasets = "SUBDATASETS";

// Whether GDAL takes what stands there for names of datasets, and opens them, as in warping. A
// result is one file, and its metadata are the server's words (issue 9).
bool NamesDatasets(const char* domain) {
  return domain && (EQUAL(domain, "GEOLOCATION") || EQUAL(domain, "OVERVIEWS"));
}

// Whether the file at `path` has listed its own directories, and not what its metadata name.
bool AreDirectoriesOf(const std::string& path, const CPLStringList& subdatasets) {
  const std::string start = "GTIFF_DIR:";
  const std::string end = ":" + path;
  for (int i = 0; i < subdatasets.size(); ++i) {
    const std::string item = subdatasets[i];
    const std::string key_end = "_NAME=";
    const std::size_t at = item.find(key_end);
    if (at == std::string::npos) continue;
    const std::string name = item.substr(at + key_end.size());
    const std::size_t number_end = name.find_first_not_of("0123456789", start.size());
    if (name.compare(0, start.size(), start) != 0 || number_end == std::string::npos ||
        name.compare(number_end, std::string::npos, end) != 0)
      return false;
  }
  return true;
}

// Which of the files of a result was opened.
enum class WhichFile {
  kAny,    // the one that the API names, and nobody has asked for another
  kNamed,  // the one that the API names, since there is none in the data cube's own CRS
  kNative  // the one in the data cube's own CRS, beside the one that the API names
};

class RasterDataset final : public DriverProxyDataset {
 public:
  RasterDataset(std::unique_ptr<RasterFile> file, WhichFile which)
      : file_(std::move(file)), which_(which) {
    GDALDataset& opened = file_->opened();
    nRasterXSize = opened.GetRasterXSize();
    nRasterYSize = opened.GetRasterYSize();
    eAccess = GA_ReadOnly;
    // What is set later stays in memory (GDALMajorObject's own): nothing is written beside remote
    // data.
    CPLStringList items(CSLDuplicate(opened.GetMetadata()));
    const CPLStringList own = OutputMetadata(*mount().inference(), file_->output());
    for (int i = 0; i < own.size(); ++i) {
      // Not CSLMerge(): it takes leading blanks off a value.
      const std::string item = own[i];
      const std::size_t equals = item.find('=');
      items.SetNameValue(item.substr(0, equals).c_str(), item.c_str() + equals + 1);
    }
    if (which_ != WhichFile::kAny)
      items.SetNameValue("RESULT_FILE", file_->output().ServerFileName().c_str());
    GDALDataset::SetMetadata(items.List());
    for (int i = 1; i <= opened.GetRasterCount(); ++i) SetBand(i, MakeBand(i));
  }

  ~RasterDataset() override {
    // The bands of a proxy must go before what they hand on to; GDALDataset's destructor does that
    // only after file_ is gone.
    for (int i = 0; i < nBands; ++i) delete papoBands[i];
    nBands = 0;
    CPLFree(papoBands);
    papoBands = nullptr;
  }

  char** GetMetadataDomainList() override {
    const CPLStringList of_file(file_->opened().GetMetadataDomainList());
    CPLStringList domains;
    for (int i = 0; i < of_file.size(); ++i) {
      if (NamesDatasets(of_file[i])) continue;
      if (!EQUAL(of_file[i], kSubdatasets) || GetMetadata(kSubdatasets))
        domains.AddString(of_file[i]);
    }
    AddMissing(domains, OwnDomains(*this));
    return InferenceDocument::WithDomain(domains.StealList());
  }

  MetadataList GetMetadata(const char* domain) override {
    if (IsDefaultDomain(domain)) return GDALDataset::GetMetadata(domain);
    if (InferenceDocument::IsDomain(domain)) return document_.Metadata();
    // GDALDataset has one of its own (DERIVED_SUBDATASETS).
    MetadataList own = GDALDataset::GetMetadata(domain);
    if (own || IsOwn(domain) || NamesDatasets(domain)) return own;
    return TakeMetadata(domain) ? GDALDataset::GetMetadata(domain) : nullptr;
  }

  const char* GetMetadataItem(const char* name, const char* domain) override {
    if (IsOwn(domain) || NamesDatasets(domain)) return GDALDataset::GetMetadataItem(name, domain);
    if (CSLConstList listed = GetMetadata(domain)) return CSLFetchNameValue(listed, name);
    if (EQUAL(domain, kSubdatasets)) return nullptr;
    // What GTiff lists nowhere needs no reading.
    return file_->opened().GetMetadataItem(name, domain);
  }

  CPLErr SetMetadata(MetadataList items, const char* domain) override {
    return GDALDataset::SetMetadata(items, domain);
  }
  CPLErr SetMetadataItem(const char* name, const char* value, const char* domain) override {
    // One item more, beside what the file has there.
    GetMetadata(domain);
    return GDALDataset::SetMetadataItem(name, value, domain);
  }

  const OGRSpatialReference* GetSpatialRef() const override {
    return OfItself(file_->opened().GetSpatialRef());
  }
  const OGRSpatialReference* GetGCPSpatialRef() const override {
    return OfItself(file_->opened().GetGCPSpatialRef());
  }

  // The path under which anybody finds the file again; the mounted one ends with this dataset. What
  // lies beside the file that the API names has none.
  char** GetFileList() override {
    CPLStringList files;
    if (which_ != WhichFile::kNative) files.AddString(PublicPath().c_str());
    return files.StealList();
  }

  CPLErr CreateMaskBand(int) override { return file_->RefuseChange("a mask cannot be made for"); }

 protected:
  GDALDataset* RefUnderlyingDataset() const override { return &file_->opened(); }
  CPLErr IBuildOverviews(const char*, int, const int*, int, const int*, GDALProgressFunc, void*,
                         CSLConstList) override {
    return file_->RefuseChange("overviews cannot be built of");
  }
  GDALDriver* OwnDriver() const override { return S2CDriver(); }

  std::unique_ptr<GDALDataset> OwnClone() const override {
    return Guarded(
        [&]() -> std::unique_ptr<GDALDataset> {
          auto file = file_->Again();
          if (!file) return nullptr;
          auto clone = std::make_unique<RasterDataset>(std::move(file), which_);
          clone->SetDescription(GetDescription());
          return clone;
        },
        nullptr);
  }

  CPLErr IRasterIO(GDALRWFlag mode, int x, int y, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, int band_count,
                   BandMap bands, GSpacing pixel_space, GSpacing line_space, GSpacing band_space,
                   GDALRasterIOExtraArg* extra) override {
    const bool is_read = file_->ReadPixels(extra, [&](GDALDataset& file,
                                                      GDALRasterIOExtraArg* own) {
      return file.RasterIO(mode, x, y, width, height, data, buffer_width, buffer_height, type,
                           band_count, bands, pixel_space, line_space, band_space, own) == CE_None;
    });
    return is_read ? CE_None : CE_Failure;
  }

 private:
  const Mount& mount() const { return file_->mount(); }

  bool IsOwn(const char* domain) {
    return IsDefaultDomain(domain) || OwnDomains(*this).FindString(domain) >= 0;
  }

  std::string PublicPath() const {
    const ResolvedInference& resolved = *mount().inference();
    return kVsiPrefix + std::to_string(resolved.inference.id) + "/" +
           ListedName(resolved, file_->index());
  }

  // Makes what the file has in a domain this dataset's own: the file may be opened again, and
  // lists its directories as subdatasets by the mount's path. False where it has nothing.
  bool TakeMetadata(const char* domain) {
    CPLStringList items;
    const bool is_read = file_->Read(Reading::kAnswer, [&](GDALDataset& file) {
      CSLConstList of_file = file.GetMetadata(domain);
      for (; of_file && *of_file; ++of_file) items.AddString(WithPublicPaths(*of_file).c_str());
      return true;
    });
    if (!is_read || items.empty()) return false;
    if (EQUAL(domain, kSubdatasets) && !AreDirectoriesOf(PublicPath(), items)) return false;
    GDALDataset::SetMetadata(items.List(), domain);
    return true;
  }

  // A reference system that needs no file; null in place of another.
  const OGRSpatialReference* OfItself(const OGRSpatialReference* reference) const {
    if (!reference) return nullptr;
    if (!names_grid_file_) {
      names_grid_file_ = NamesGridFile(*reference);
      if (*names_grid_file_)
        LogWarning("output '" + OneLine(file_->output().name, 200) + "' of inference " +
                   std::to_string(mount().inference()->inference.id) +
                   " has no reference system, because that of its file would open another file; "
                   "gdal_translate -a_srs gives it one");
    }
    return *names_grid_file_ ? nullptr : reference;
  }

  GDALRasterBand* MakeBand(int number) {
    const Output& output = file_->output();
    const int count = file_->opened().GetRasterCount();
    BandFacts facts;
    facts.name = output.name + (count > 1 ? "_" + std::to_string(number) : "");
    const std::size_t i = static_cast<std::size_t>(number) - 1;
    if (i < output.band_value_ranges.size()) facts.range = output.band_value_ranges[i];
    if (!facts.range && count == 1) facts.range = output.value_range;
    facts.is_range_of_file = which_ != WhichFile::kNative;
    if (IsComposite()) facts.colour = static_cast<GDALColorInterp>(GCI_RedBand + number - 1);
    if (EqualIgnoringCase(output.value_type.value_or(""), "categorical")) facts.classes = &classes_;
    return new RasterBand(this, *file_, number, std::move(facts));
  }

  // Of bytes alone: terra before 1.7-23 writes all that is red, green and blue as bytes (issue 10).
  bool IsComposite() const {
    GDALDataset& opened = file_->opened();
    if (opened.GetRasterCount() != 3 || file_->output().vis_type.value_or("") != "composite")
      return false;
    for (int i = 1; i <= 3; ++i) {
      if (opened.GetRasterBand(i)->GetRasterDataType() != GDT_Byte) return false;
    }
    return true;
  }

  const std::unique_ptr<RasterFile> file_;
  const WhichFile which_;
  OutputClasses classes_{*file_};
  mutable std::optional<bool> names_grid_file_;  ///< of a file, which has one reference system
  InferenceDocument document_{file_->mount()};
};

class SubdatasetList final : public GDALDataset {
 public:
  SubdatasetList(std::unique_ptr<Mount> mount, const std::vector<std::size_t>& rasters)
      : mount_(std::move(mount)) {
    nRasterXSize = 0;
    nRasterYSize = 0;
    const ResolvedInference& resolved = *mount_->inference();
    const std::vector<std::string> output_names = OutputNames(resolved.inference);
    CPLStringList names;
    int number = 0;
    for (const std::size_t index : rasters) {
      const Output& output = resolved.inference.outputs[index];
      const std::string key = "SUBDATASET_" + std::to_string(++number);
      // SetNameValue() would look for each among all that are there.
      names.AddNameValue(
          (key + "_NAME").c_str(),
          FormatConnectionString(resolved.inference.id, output_names[index]).c_str());
      // "name - what it is": QGIS shows the left part, and opens every raster to find a name
      // where that form is missing.
      names.AddNameValue((key + "_DESC").c_str(),
                         (output_names[index] + " - " + Describe(output)).c_str());
    }
    GDALDataset::SetMetadata(names.List(), "SUBDATASETS");
    CPLStringList items(InferenceMetadata(resolved));
    GDALDataset::SetMetadata(items.List());
  }

  char** GetMetadataDomainList() override {
    return InferenceDocument::WithDomain(GDALDataset::GetMetadataDomainList());
  }

  MetadataList GetMetadata(const char* domain) override {
    if (!InferenceDocument::IsDomain(domain)) return GDALDataset::GetMetadata(domain);
    return document_.Metadata();
  }

  char** GetFileList() override { return nullptr; }

 private:
  // Without an x: terra takes what stands on both sides of one for numbers of rows and columns, and
  // gives up where they are none (issue 10).
  static std::string Describe(const Output& output) {
    std::string text = output.value_type ? *output.value_type + " raster" : "raster";
    bool is_first = true;
    for (const std::string& dim : output.dims) {
      if (dim == "y" || dim == "x") continue;
      text += (is_first ? " by " : " and ") + dim;
      is_first = false;
    }
    return text.find('x') == std::string::npos ? text : "raster";
  }

  const std::unique_ptr<Mount> mount_;
  InferenceDocument document_{*mount_};
};

}  // namespace

GDALDataset* OpenRaster(std::unique_ptr<Mount> mount, std::size_t index,
                        CSLConstList open_options) {
  const std::string path = kVsiPrefix + std::to_string(mount->inference()->inference.id) + "/";
  const auto settings = ReadRasterSettings(path, open_options);
  if (!settings) {
    Report(settings.error());
    return nullptr;
  }
  return OpenRaster(std::move(mount), index, *settings);
}

GDALDataset* OpenRaster(std::unique_ptr<Mount> mount, std::size_t index,
                        const RasterSettings& settings) {
  WhichFile which = WhichFile::kAny;
  if (settings.native_crs) {
    auto native = MountNative(*mount, index);
    if (!native) {
      Report(native.error());
      return nullptr;
    }
    which = *native ? WhichFile::kNative : WhichFile::kNamed;
    if (*native) mount = std::move(*native);
  }
  auto file = RasterFile::Open(std::move(mount), index, settings.gtiff_options);
  return file ? new RasterDataset(std::move(file), which) : nullptr;
}

GDALDataset* OpenSubdatasetList(std::unique_ptr<Mount> mount,
                                const std::vector<std::size_t>& rasters) {
  return new SubdatasetList(std::move(mount), rasters);
}

}  // namespace s2c
