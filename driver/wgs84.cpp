// SPDX-License-Identifier: MIT
#include "driver/wgs84.h"

#include "driver/kept_messages.h"

namespace s2c {

std::unique_ptr<OGRSpatialReference, ReleaseReference> Wgs84() {
  std::unique_ptr<OGRSpatialReference, ReleaseReference> wgs84(new OGRSpatialReference);
  // Where PROJ's database is not found, its text says the same (issue 10).
  KeepMessages([&] {
    if (wgs84->importFromEPSG(4326) != OGRERR_NONE) wgs84->importFromWkt(SRS_WKT_WGS84_LAT_LONG);
  });
  wgs84->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return wgs84;
}

void SetWgs84(OGRFeatureDefn& definition) {
  definition.GetGeomFieldDefn(0)->SetSpatialRef(Wgs84().get());
}

void AssignReference(OGRGeometry& geometry, OGRFeatureDefn& definition) {
  geometry.assignSpatialReference(definition.GetGeomFieldDefn(0)->GetSpatialRef());
}

}  // namespace s2c
