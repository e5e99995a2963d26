// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <memory>

namespace s2c {

struct ReleaseReference {
  void operator()(OGRSpatialReference* reference) const { reference->Release(); }
};

/// The API's coordinate system, EPSG:4326, longitude first as GeoJSON has it (RFC 7946, 3.1.1).
std::unique_ptr<OGRSpatialReference, ReleaseReference> Wgs84();

/// Makes it that of a layer's geometries.
void SetWgs84(OGRFeatureDefn& definition);

/// Gives the geometry the very object that the layer has, as GDAL's own drivers do.
void AssignReference(OGRGeometry& geometry, OGRFeatureDefn& definition);

}  // namespace s2c
