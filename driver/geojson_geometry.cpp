// SPDX-License-Identifier: MIT
#include "driver/geojson_geometry.h"

#include <cpl_error.h>
#include <ogr_api.h>

#include <string>
#include <utility>

#include "client/api/geojson.h"
#include "client/base/text.h"
#include "driver/geometry_parts.h"

namespace s2c {
namespace {

void AddGeometry(const JsonValue& value, GeometryParts& parts, bool& whole) {
  // A feature without a place is no error (RFC 7946, section 3.2).
  if (value.IsNull()) return;
  std::unique_ptr<OGRGeometry> geometry;
  if (value.IsObject()) {
    // It would speak of a text that the user has not written.
    const CPLErrorStateBackuper state;
    const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
    geometry.reset(
        OGRGeometry::FromHandle(OGR_G_CreateGeometryFromJson(PlainGeoJson(value).c_str())));
  }
  if (!geometry) {
    whole = false;
    return;
  }
  geometry->flattenTo2D();
  AddParts(std::move(geometry), parts);
}

void AddObject(const JsonValue& object, GeometryParts& parts, bool& whole) {
  const JsonValue* const features = Find(object, "features");
  const bool is_feature = TextAt(object, "type") == "Feature";
  if (features && features->IsArray()) {
    for (const JsonValue& feature : features->GetArray()) {
      const JsonValue* const geometry = Find(feature, "geometry");
      if (geometry) {
        AddGeometry(*geometry, parts, whole);
      } else {
        whole = false;
      }
    }
  } else if (const JsonValue* const geometry = is_feature ? Find(object, "geometry") : &object) {
    AddGeometry(*geometry, parts, whole);
  } else {
    whole = false;
  }
}

}  // namespace

std::unique_ptr<OGRGeometry> ReadGeoJson(const JsonValue* value, bool& whole) {
  if (!value || value->IsNull()) return nullptr;
  GeometryParts parts;
  if (value->IsString()) {
    const std::string_view text(value->GetString(), value->GetStringLength());
    if (Trim(text).empty()) return nullptr;
    const auto document = ParseJson(text);
    if (document) {
      AddObject(**document, parts, whole);
    } else {
      whole = false;
    }
  } else {
    AddObject(*value, parts, whole);
  }
  return Together(std::move(parts));
}

}  // namespace s2c
