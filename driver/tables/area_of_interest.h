// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "vsi/gdal_compat.h"

namespace s2c {

/// The features of an inference's area of interest, in WGS 84.
class AreaOfInterest {
 public:
  AreaOfInterest() = default;
  ~AreaOfInterest();
  AreaOfInterest(const AreaOfInterest&) = delete;
  AreaOfInterest& operator=(const AreaOfInterest&) = delete;

  /// GDAL's driver that reads it.
  static constexpr const char* kDriver = "GeoJSON";
  /// Reads GeoJSON with that driver; once. False where it cannot, or not all of it.
  bool Read(const std::string& geojson);

  /// Null where nothing was read.
  const OGRFeatureDefn* definition() const { return definition_; }
  const std::vector<std::unique_ptr<OGRFeature>>& features() const { return features_; }
  /// Of all features; not initialised where none has a geometry.
  const OGREnvelope& extent() const { return extent_; }

  /// The feature that a value of the dimension `space` names: by its property `name`, or as
  /// `feature_1` and so on by its place, which is what the engine calls one without a name. Null
  /// for none, and for a name that several have.
  const OGRFeature* Named(const std::string& name) const;

 private:
  void Take(OGRLayer& layer);
  void Index();

  OGRFeatureDefn* definition_ = nullptr;
  std::vector<std::unique_ptr<OGRFeature>> features_;
  std::map<std::string, const OGRFeature*> names_;
  OGREnvelope extent_;
};

}  // namespace s2c
