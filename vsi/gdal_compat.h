// SPDX-License-Identifier: MIT
#pragma once

/// What differs between GDAL 3.6 and 3.13, and nothing else. The classes here give the rest of the
/// plugin one shape of GDAL's virtual functions; a new GDAL version is made to fit here.

#include <cpl_vsi_virtual.h>
#include <gdal_priv.h>
#include <gdal_proxy.h>
#include <gdal_version.h>
#include <ogrsf_frmts.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vsi/report.h"

namespace s2c {

/// Whether there are algorithms of a driver's own, `gdal driver s2c …` (gdalalgorithm.h).
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 11, 0)
#define S2C_HAS_ALGORITHMS
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
using MetadataList = CSLConstList;
#else
using MetadataList = char**;
#endif

/// Of a driver's Create().
using OptionList = MetadataList;

/// Of a layer's CreateField(), CreateGeomField() and SetIgnoredFields().
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 9, 0)
using NewField = const OGRFieldDefn*;
using NewGeometryField = const OGRGeomFieldDefn*;
using FieldNames = CSLConstList;
#else
using NewField = OGRFieldDefn*;
using NewGeometryField = OGRGeomFieldDefn*;
using FieldNames = const char**;
#endif

/// Whether OGR's filters take a comparison with null for false, so that NOT makes it true; from
/// 3.10.1 on it is unknown, as in SQL (https://github.com/OSGeo/gdal/pull/9915 and 11190).
constexpr bool kNullComparisonIsFalse = GDAL_VERSION_NUM < GDAL_COMPUTE_VERSION(3, 10, 1);

/// What OGRField's TZFlag says of a time in UTC, and of a field whose times are of several zones.
constexpr int kUtc = 100;
constexpr int kMixedZones = 2;

/// Fields have told the zone of their times since GDAL 3.8, values always have.
inline void SetTimeZone(OGRFieldDefn& field, int flag) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 8, 0)
  field.SetTZFlag(flag);
#else
  static_cast<void>(field);
  static_cast<void>(flag);
#endif
}

/// What SetNextByIndex() returns for an index that no row has. GDAL 3.12 wants it to be that of a
/// feature that is not there; for -10, its checks before that insist on a failure (test_ogrsf).
inline OGRErr NoSuchIndex(GIntBig index) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  static_cast<void>(index);
  return OGRERR_NON_EXISTING_FEATURE;
#else
  return index < -1 ? OGRERR_FAILURE : OGRERR_NON_EXISTING_FEATURE;
#endif
}

/// VSIVirtualHandle of a file that is only read.
class ReadOnlyHandle : public VSIVirtualHandle {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  std::size_t Read(void* buffer, std::size_t bytes) final { return ReadBytes(buffer, bytes); }
  std::size_t Write(const void*, std::size_t) final { return RefuseToWrite(); }
#else
  std::size_t Read(void* buffer, std::size_t size, std::size_t count) final {
    if (size == 0 || count == 0 || count > SIZE_MAX / size) return 0;
    return ReadBytes(buffer, size * count) / size;
  }
  std::size_t Write(const void*, std::size_t, std::size_t) final { return RefuseToWrite(); }
#endif
  int Truncate(vsi_l_offset) final {
    RefuseToWrite();
    return -1;
  }

#if GDAL_VERSION_NUM < GDAL_COMPUTE_VERSION(3, 7, 0)
  virtual void AdviseRead(int count, const vsi_l_offset* offsets, const size_t* sizes) = 0;
#endif
#if GDAL_VERSION_NUM < GDAL_COMPUTE_VERSION(3, 9, 0)
  virtual std::size_t GetAdviseReadTotalBytesLimit() const = 0;
#endif
#if GDAL_VERSION_NUM < GDAL_COMPUTE_VERSION(3, 10, 0)
  virtual int Error() = 0;
  virtual void ClearErr() = 0;
#endif

 protected:
  /// Bytes read; fewer than asked at the end of the file and on an error.
  virtual std::size_t ReadBytes(void* buffer, std::size_t bytes) = 0;
  /// Tells why nothing is written; none are the bytes that were.
  virtual std::size_t RefuseToWrite() = 0;
};

/// VSIFilesystemHandler of a remote tree that is only read.
class ReadOnlyFileSystem : public VSIFilesystemHandler {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  VSIVirtualHandleUniquePtr Open(const char* name, const char* access, bool set_error,
                                 CSLConstList) final {
    return VSIVirtualHandleUniquePtr(OpenHandle(name, access, set_error));
  }
#else
  VSIVirtualHandle* Open(const char* name, const char* access, bool set_error, CSLConstList) final {
    return OpenHandle(name, access, set_error);
  }
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  bool IsLocal(const char*) const final { return false; }
#else
  bool IsLocal(const char*) final { return false; }
#endif
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 11, 0)
  int Rename(const char* from, const char*, GDALProgressFunc, void*) final {
    return RefuseRename(from);
  }
#else
  int Rename(const char* from, const char*) final { return RefuseRename(from); }
#endif
  bool SupportsSequentialWrite(const char*, bool) final { return false; }
  bool SupportsRandomWrite(const char*, bool) final { return false; }

 protected:
  /// Tells why not; gives -1.
  virtual int RefuseRename(const char* name) = 0;
  /// The caller owns the handle; null on an error.
  virtual VSIVirtualHandle* OpenHandle(const char* name, const char* access, bool set_error) = 0;
};

/// GDAL 3.13 takes file systems by shared pointer, earlier ones own a plain one.
inline void InstallFileSystem(const char* prefix,
                              std::unique_ptr<VSIFilesystemHandler> file_system) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  VSIFileManager::InstallHandler(prefix,
                                 std::shared_ptr<VSIFilesystemHandler>(std::move(file_system)));
#else
  VSIFileManager::InstallHandler(prefix, file_system.release());
#endif
}

#ifdef BANDMAP_TYPE
using BandMap = BANDMAP_TYPE;
#else
using BandMap = int*;
#endif

/// A dataset that hands on to another one but is of its own driver.
class DriverProxyDataset : public GDALProxyDataset {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 10, 0)
  bool CanBeCloned(int scope, bool) const final { return (scope & ~GDAL_OF_RASTER) == 0; }
  std::unique_ptr<GDALDataset> Clone(int, bool) const final { return OwnClone(); }
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 7, 0)
  // Pixels alone are looked after; whoever asks for these takes pixels instead.
  CPLStringList GetCompressionFormats(int, int, int, int, int, const int*) final { return {}; }
  CPLErr ReadCompressedData(const char*, int, int, int, int, int, const int*, void**, std::size_t*,
                            char**) final {
    return CE_Failure;
  }
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  GDALDriver* GetDriver() const final { return OwnDriver(); }
#else
  GDALDriver* GetDriver() final { return OwnDriver(); }
#endif

 protected:
  virtual GDALDriver* OwnDriver() const = 0;
  /// The same dataset for another thread; null after an error that was reported. GDAL would open
  /// the name with the options that the dataset has kept, which hold no password.
  virtual std::unique_ptr<GDALDataset> OwnClone() const = 0;
};

/// A band that hands on to another one, but keeps its own blocks and reads for itself: later
/// versions of the proxy hand on what reads, too.
class ForwardingBand : public GDALProxyRasterBand {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 10, 0)
  GDALRasterBlock* GetLockedBlockRef(int x, int y, int just_initialize) final {
    return GDALRasterBand::GetLockedBlockRef(x, y, just_initialize);
  }
  GDALRasterBlock* TryGetLockedBlockRef(int x, int y) final {
    return GDALRasterBand::TryGetLockedBlockRef(x, y);
  }
  CPLErr FlushBlock(int x, int y, int write_dirty) final {
    return GDALRasterBand::FlushBlock(x, y, write_dirty);
  }
  CPLErr InterpolateAtPoint(double pixel, double line, GDALRIOResampleAlg interpolation,
                            double* real, double* imaginary) const final {
    return GDALRasterBand::InterpolateAtPoint(pixel, line, interpolation, real, imaginary);
  }
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  CPLVirtualMem* GetVirtualMemAuto(GDALRWFlag mode, int* pixel_space, GIntBig* line_space,
                                   CSLConstList options) final {
#else
  CPLVirtualMem* GetVirtualMemAuto(GDALRWFlag mode, int* pixel_space, GIntBig* line_space,
                                   char** options) final {
#endif
    return GDALRasterBand::GetVirtualMemAuto(mode, pixel_space, line_space, options);
  }

 protected:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 9, 0)
  GDALRasterBand* RefUnderlyingRasterBand(bool) const final { return Underlying(); }
#else
  GDALRasterBand* RefUnderlyingRasterBand() const final { return Underlying(); }
#endif
  virtual GDALRasterBand* Underlying() const = 0;
};

/// A layer of a LayerDataset. What a derived class does not change stays as it is, and the caller
/// is told why. It owns its definition, to which a derived class adds its fields.
/// Setting an attribute or spatial filter ends in ResetReading(), as OGRLayer's own functions do.
class DatasetLayer : public OGRLayer {
 public:
  /// `fid_column` may be empty.
  DatasetLayer(const char* name, OGRwkbGeometryType geometry_type, std::string fid_column)
      : definition_(new OGRFeatureDefn(name)), fid_column_(std::move(fid_column)) {
    definition_->Reference();
    definition_->SetGeomType(geometry_type);
    SetDescription(name);
  }
  ~DatasetLayer() override { definition_->Release(); }

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  using OGRLayer::GetLayerDefn;
  const OGRFeatureDefn* GetLayerDefn() const final {
    const_cast<DatasetLayer*>(this)->Load();
    return definition_;
  }
  const char* GetName() const final { return definition_->GetName(); }
  const char* GetFIDColumn() const final { return fid_column_.c_str(); }
  int TestCapability(const char* name) const final { return Can(name) ? TRUE : FALSE; }
#else
  OGRFeatureDefn* GetLayerDefn() final {
    Load();
    return definition_;
  }
  const char* GetName() final { return definition_->GetName(); }
  const char* GetFIDColumn() final { return fid_column_.c_str(); }
  int TestCapability(const char* name) final { return Can(name) ? TRUE : FALSE; }
#endif

  // Virtual in all versions, and null where nobody overrides it.
  GDALDataset* GetDataset() final { return dataset_; }

  OGRErr SetIgnoredFields(FieldNames names) final {
    const OGRErr error = OGRLayer::SetIgnoredFields(names);
    ResetReading();
    return error;
  }

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 11, 0)
  OGRErr IGetExtent(int field, OGREnvelope* extent, bool force) final {
    return Extent(field, extent, force);
  }
#else
  OGRErr GetExtent(OGREnvelope* extent, int force) final {
    return Extent(0, extent, force != FALSE);
  }
  OGRErr GetExtent(int field, OGREnvelope* extent, int force) final {
    return Extent(field, extent, force != FALSE);
  }
#endif

  OGRErr DeleteFeature(GIntBig) override { return ReportUnsupported(WhyReadOnly()); }
  OGRErr CreateField(NewField, int) override { return ReportUnsupported(WhyFixed()); }
  OGRErr DeleteField(int) final { return ReportUnsupported(WhyFixed()); }
  OGRErr ReorderFields(int*) final { return ReportUnsupported(WhyFixed()); }
  OGRErr AlterFieldDefn(int, OGRFieldDefn*, int) final { return ReportUnsupported(WhyFixed()); }
  OGRErr CreateGeomField(NewGeometryField, int) final { return ReportUnsupported(WhyFixed()); }
  OGRErr Rename(const char*) final { return ReportUnsupported(WhyFixed()); }
  OGRErr RollbackTransaction() final { return ReportUnsupported(kNoTransaction); }

 protected:
  OGRErr ICreateFeature(OGRFeature*) override { return ReportUnsupported(WhyReadOnly()); }
  OGRErr ISetFeature(OGRFeature*) override { return ReportUnsupported(WhyReadOnly()); }

  /// Sentences: why its features cannot be changed, and why its fields and name cannot.
  virtual std::string WhyReadOnly() const {
    return std::string("layer '") + definition_->GetName() + "'" + kCannotBeWritten;
  }
  virtual std::string WhyFixed() const { return WhyReadOnly(); }

  OGRFeatureDefn* definition() const { return definition_; }

  /// OGRLayer::SetNextByIndex() as it is from GDAL 3.12 on, for an index that is not negative.
  OGRErr SkipTo(GIntBig index) {
    ResetReading();
    for (; index > 0; --index) {
      if (!std::unique_ptr<OGRFeature>(GetNextFeature())) return NoSuchIndex(index);
    }
    return OGRERR_NONE;
  }

  /// Completes the definition before anybody sees it: a layer whose fields cost a request asks for
  /// them here. Called often.
  virtual void Load() {}

  /// For TestCapability().
  virtual bool Can(const char* capability) const = 0;

  /// For GetExtent(); OGRLayer's own reads every feature.
  virtual OGRErr Extent(int field, OGREnvelope* extent, bool force) {
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 11, 0)
    return OGRLayer::IGetExtent(field, extent, force);
#else
    return OGRLayer::GetExtentInternal(field, extent, force ? TRUE : FALSE);
#endif
  }

 private:
  friend class LayerDataset;

  OGRFeatureDefn* const definition_;
  const std::string fid_column_;
  GDALDataset* dataset_ = nullptr;
};

/// A dataset of layers, which it owns.
class LayerDataset : public GDALDataset {
 public:
  void AddLayer(std::unique_ptr<DatasetLayer> layer) {
    layer->dataset_ = this;
    layers_.push_back(std::move(layer));
  }

  OGRErr DeleteLayer(int) final { return ReportUnsupported(WhyFixed()); }
  OGRErr StartTransaction(int) final { return ReportUnsupported(kNoTransaction); }
  OGRErr RollbackTransaction() final { return ReportUnsupported(kNoTransaction); }

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  using GDALDataset::GetLayer;
  int GetLayerCount() const final { return static_cast<int>(layers_.size()); }
  const OGRLayer* GetLayer(int index) const final { return LayerAt(index); }
  int TestCapability(const char* name) const final { return Can(name) ? TRUE : FALSE; }
#else
  int GetLayerCount() final { return static_cast<int>(layers_.size()); }
  OGRLayer* GetLayer(int index) final { return LayerAt(index); }
  int TestCapability(const char* name) final { return Can(name) ? TRUE : FALSE; }
#endif

 protected:
  /// For TestCapability().
  virtual bool Can(const char*) const { return false; }
  /// A sentence: why there are these layers and no others.
  virtual std::string WhyFixed() const { return std::string("the data") + kCannotBeWritten; }

  /// The new layer, which the dataset owns; null after an error that was reported. `srs` may be
  /// null.
  virtual OGRLayer* NewLayer(const char*, const OGRSpatialReference*, OGRwkbGeometryType,
                             CSLConstList) {
    return NoLayer();
  }
  OGRLayer* NoLayer() const { return ReportUnsupported(WhyFixed()), nullptr; }

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 9, 0)
  OGRLayer* ICreateLayer(const char* name, const OGRGeomFieldDefn* geometry,
                         CSLConstList options) final {
    return NewLayer(name, geometry ? geometry->GetSpatialRef() : nullptr,
                    geometry ? geometry->GetType() : wkbNone, options);
  }
#elif GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 8, 0)
  OGRLayer* ICreateLayer(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
                         char** options) final {
    return NewLayer(name, srs, type, options);
  }
#else
  OGRLayer* ICreateLayer(const char* name, OGRSpatialReference* srs, OGRwkbGeometryType type,
                         char** options) final {
    return NewLayer(name, srs, type, options);
  }
#endif

 private:
  DatasetLayer* LayerAt(int index) const {
    if (index < 0 || index >= static_cast<int>(layers_.size())) return nullptr;
    return layers_[static_cast<std::size_t>(index)].get();
  }

  std::vector<std::unique_ptr<DatasetLayer>> layers_;
};

/// A dataset that is made, takes layers, and does its work when it is closed. Before GDAL 3.7 that
/// is its destructor alone, so a derived class calls FinishOnce() in its own.
class NewDataset : public LayerDataset {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
  CPLErr Close(GDALProgressFunc progress, void* data) final {
    const bool finished = FinishOnce();
    return GDALDataset::Close(progress, data) == CE_None && finished ? CE_None : CE_Failure;
  }
#elif GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 7, 0)
  CPLErr Close() final {
    const bool finished = FinishOnce();
    return GDALDataset::Close() == CE_None && finished ? CE_None : CE_Failure;
  }
#endif

 protected:
  /// False after an error that was reported.
  virtual bool Finish() = 0;

  /// What came of it, also for who asks again.
  bool FinishOnce() {
    if (!is_finished_) {
      is_finished_ = true;
      has_succeeded_ = Finish();
    }
    return has_succeeded_;
  }

 private:
  bool is_finished_ = false;
  bool has_succeeded_ = true;
};

}  // namespace s2c
