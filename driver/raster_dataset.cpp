// SPDX-License-Identifier: MIT
#include "driver/raster_dataset.h"

#include <gdal_pam.h>

#include <vector>

#include "driver/inference_document.h"
#include "driver/names.h"
#include "driver/raster_band.h"
#include "driver/raster_metadata.h"
#include "vsi/directory.h"
#include "vsi/report.h"

namespace s2c {
namespace {

GDALDriver* S2CDriver() { return GetGDALDriverManager()->GetDriverByName("S2C"); }

class RasterDataset final : public DriverProxyDataset {
 public:
  RasterDataset(std::unique_ptr<Mount> mount, std::size_t index, std::unique_ptr<GDALDataset> file)
      : mount_(std::move(mount)), index_(index), file_(std::move(file)) {
    nRasterXSize = file_->GetRasterXSize();
    nRasterYSize = file_->GetRasterYSize();
    eAccess = GA_ReadOnly;
    // What is set later stays in memory (GDALMajorObject's own): nothing is written beside remote
    // data.
    CPLStringList items(CSLDuplicate(file_->GetMetadata()));
    const CPLStringList own = OutputMetadata(*mount_->inference(), output());
    for (int i = 0; i < own.size(); ++i) {
      // Not CSLMerge(): it takes leading blanks off a value.
      const std::string item = own[i];
      const std::size_t equals = item.find('=');
      items.SetNameValue(item.substr(0, equals).c_str(), item.c_str() + equals + 1);
    }
    GDALDataset::SetMetadata(items.List());
    const int count = file_->GetRasterCount();
    const bool is_composite = count == 3 && output().vis_type.value_or("") == "composite";
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
    CPLStringList domains(file_->GetMetadataDomainList());
    if (domains.FindString("") < 0) domains.AddString("");
    return InferenceDocument::WithDomain(domains.StealList());
  }

  MetadataList GetMetadata(const char* domain) override {
    if (IsDefaultDomain(domain)) return GDALDataset::GetMetadata(domain);
    if (InferenceDocument::IsDomain(domain)) return document_.Metadata();
    MetadataList own = GDALDataset::GetMetadata(domain);
    return own ? own : file_->GetMetadata(domain);
  }

  const char* GetMetadataItem(const char* name, const char* domain) override {
    const char* const own = GDALDataset::GetMetadataItem(name, domain);
    if (own || IsDefaultDomain(domain)) return own;
    return file_->GetMetadataItem(name, domain);
  }

  CPLErr SetMetadata(MetadataList items, const char* domain) override {
    return GDALDataset::SetMetadata(items, domain);
  }
  CPLErr SetMetadataItem(const char* name, const char* value, const char* domain) override {
    return GDALDataset::SetMetadataItem(name, value, domain);
  }

  // The path under which anybody finds the file again; the mounted one ends with this dataset.
  char** GetFileList() override {
    CPLStringList files;
    const ResolvedInference& resolved = *mount_->inference();
    files.AddString(
        (kVsiPrefix + std::to_string(resolved.inference.id) + "/" + ListedName(resolved, index_))
            .c_str());
    return files.StealList();
  }

 protected:
  GDALDataset* RefUnderlyingDataset() const override { return file_.get(); }
  GDALDriver* OwnDriver() const override { return S2CDriver(); }

 private:
  const Output& output() const { return mount_->inference()->inference.outputs[index_]; }

  GDALRasterBand* MakeBand(int number, bool is_composite) {
    const auto& ranges = output().band_value_ranges;
    const std::size_t i = static_cast<std::size_t>(number) - 1;
    std::optional<ValueRange> range;
    if (i < ranges.size()) range = ranges[i];
    if (!range && file_->GetRasterCount() == 1) range = output().value_range;
    GDALColorInterp colour = GCI_Undefined;
    if (is_composite) colour = static_cast<GDALColorInterp>(GCI_RedBand + number - 1);
    return new RasterBand(this, number, file_->GetRasterBand(number), range, colour);
  }

  const std::unique_ptr<Mount> mount_;
  const std::size_t index_;
  const std::unique_ptr<GDALDataset> file_;
  InferenceDocument document_{*mount_};
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
  const char* const drivers[] = {"GTiff", nullptr};
  const std::string path = mount->OutputPath(index);
  CPLErrorReset();
  std::unique_ptr<GDALDataset> file(GDALDataset::Open(
      path.c_str(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, drivers, nullptr, nullptr));
  if (!file) {
    const std::string& name = mount->inference()->inference.outputs[index].name;
    if (CPLGetLastErrorType() != CE_Failure)
      Report(Error{ErrorKind::kProtocol,
                   "output '" + name + "' of inference " +
                       std::to_string(mount->inference()->inference.id) +
                       " is not a GeoTIFF file; copy it from " + kVsiPrefix +
                       std::to_string(mount->inference()->inference.id) + "/ to look at it",
                   0});
    return nullptr;
  }
  // Histograms and the like stay in memory: there is no writing an .aux.xml beside remote data.
  if (auto* const pam = dynamic_cast<GDALPamDataset*>(file.get()))
    pam->SetPamFlags(pam->GetPamFlags() | GPF_NOSAVE);
  return new RasterDataset(std::move(mount), index, std::move(file));
}

GDALDataset* OpenSubdatasetList(std::unique_ptr<Mount> mount,
                                const std::vector<std::size_t>& rasters) {
  return new SubdatasetList(std::move(mount), rasters);
}

}  // namespace s2c
