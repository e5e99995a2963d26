// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_swq.h>
#include <ogrsf_frmts.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace s2c::testing_support {

/// A field of a layer in memory.
struct MemoryField {
  const char* name;
  OGRFieldType type;
  OGRFieldSubType subtype = OFSTNone;
};

/// A layer of GDAL's own memory driver, with a polygon geometry as the catalogue's have.
class MemoryLayer {
 public:
  explicit MemoryLayer(const std::vector<MemoryField>& fields);
  MemoryLayer(const MemoryLayer&) = delete;
  MemoryLayer& operator=(const MemoryLayer&) = delete;
  ~MemoryLayer();

  GDALDataset& dataset() { return *dataset_; }
  OGRLayer& layer() { return *layer_; }
  /// Adds a feature that `fill` has filled.
  void Add(std::int64_t fid, const std::function<void(OGRFeature&)>& fill);

 private:
  GDALDataset* dataset_;
  OGRLayer* layer_;
};

/// Stops GDAL's errors from being printed.
class QuietErrors {
 public:
  QuietErrors() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietErrors() { CPLPopErrorHandler(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

}  // namespace s2c::testing_support
