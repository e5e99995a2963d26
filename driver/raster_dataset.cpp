// SPDX-License-Identifier: MIT
#include "driver/raster_dataset.h"

#include <optional>
#include <vector>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/grid_files.h"
#include "driver/inference_document.h"
#include "driver/names.h"
#include "driver/raster_band.h"
#include "driver/raster_file.h"
#include "driver/raster_metadata.h"
#include "vsi/directory.h"
#include "vsi/report.h"

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

class RasterDataset final : public DriverProxyDataset {
 public:
  explicit RasterDataset(std::unique_ptr<RasterFile> file) : file_(std::move(file)) {
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
    GDALDataset::SetMetadata(items.List());
    const int count = opened.GetRasterCount();
    const bool is_composite = count == 3 && file_->output().vis_type.value_or("") == "composite";
    for (int i = 1; i <= count; ++i) SetBand(i, MakeBand(i, is_composite));
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
    if (domains.FindString("") < 0) domains.AddString("");
    return InferenceDocument::WithDomain(domains.StealList());
  }

  MetadataList GetMetadata(const char* domain) override {
    if (IsDefaultDomain(domain)) return GDALDataset::GetMetadata(domain);
    if (InferenceDocument::IsDomain(domain)) return document_.Metadata();
    MetadataList own = GDALDataset::GetMetadata(domain);
    if (own || NamesDatasets(domain)) return own;
    return TakeMetadata(domain) ? GDALDataset::GetMetadata(domain) : nullptr;
  }

  const char* GetMetadataItem(const char* name, const char* domain) override {
    const char* const own = GDALDataset::GetMetadataItem(name, domain);
    if (own || IsDefaultDomain(domain) || NamesDatasets(domain)) return own;
    if (CSLConstList listed = GetMetadata(domain)) return CSLFetchNameValue(listed, name);
    if (EQUAL(domain, kSubdatasets)) return nullptr;
    // What GTiff lists nowhere needs no reading.
    return file_->opened().GetMetadataItem(name, domain);
  }

  CPLErr SetMetadata(MetadataList items, const char* domain) override {
    return GDALDataset::SetMetadata(items, domain);
  }
  CPLErr SetMetadataItem(const char* name, const char* value, const char* domain) override {
    return GDALDataset::SetMetadataItem(name, value, domain);
  }

  const OGRSpatialReference* GetSpatialRef() const override {
    return OfItself(file_->opened().GetSpatialRef());
  }
  const OGRSpatialReference* GetGCPSpatialRef() const override {
    return OfItself(file_->opened().GetGCPSpatialRef());
  }

  // The path under which anybody finds the file again; the mounted one ends with this dataset.
  char** GetFileList() override {
    CPLStringList files;
    files.AddString(PublicPath().c_str());
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
          auto clone = std::make_unique<RasterDataset>(std::move(file));
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

  GDALRasterBand* MakeBand(int number, bool is_composite) {
    const auto& ranges = file_->output().band_value_ranges;
    const std::size_t i = static_cast<std::size_t>(number) - 1;
    std::optional<ValueRange> range;
    if (i < ranges.size()) range = ranges[i];
    if (!range && file_->opened().GetRasterCount() == 1) range = file_->output().value_range;
    GDALColorInterp colour = GCI_Undefined;
    if (is_composite) colour = static_cast<GDALColorInterp>(GCI_RedBand + number - 1);
    return new RasterBand(this, *file_, number, range, colour);
  }

  const std::unique_ptr<RasterFile> file_;
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
      names.SetNameValue(
          (key + "_NAME").c_str(),
          FormatConnectionString(resolved.inference.id, output_names[index]).c_str());
      // "name - what it is": QGIS shows the left part, and opens every raster to find a name
      // where that form is missing.
      names.SetNameValue((key + "_DESC").c_str(),
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
  static std::string Describe(const Output& output) {
    std::string text = output.value_type ? *output.value_type + " raster" : "raster";
    if (!output.dims.empty()) {
      text += " (";
      for (std::size_t i = 0; i < output.dims.size(); ++i) text += (i ? ", " : "") + output.dims[i];
      text += ")";
    }
    return text;
  }

  const std::unique_ptr<Mount> mount_;
  InferenceDocument document_{*mount_};
};

}  // namespace

GDALDataset* OpenRaster(std::unique_ptr<Mount> mount, std::size_t index) {
  auto file = RasterFile::Open(std::move(mount), index);
  return file ? new RasterDataset(std::move(file)) : nullptr;
}

GDALDataset* OpenSubdatasetList(std::unique_ptr<Mount> mount,
                                const std::vector<std::size_t>& rasters) {
  return new SubdatasetList(std::move(mount), rasters);
}

}  // namespace s2c
