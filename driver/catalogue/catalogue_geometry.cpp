// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_geometry.h"

#include <cpl_error.h>
#include <ogr_api.h>

#include <string>
#include <utility>
#include <vector>

#include "client/api/geojson.h"
#include "client/base/text.h"

namespace s2c {
namespace {

using Parts = std::vector<std::unique_ptr<OGRGeometry>>;

void AddParts(std::unique_ptr<OGRGeometry> geometry, Parts& parts) {
  if (!OGR_GT_IsSubClassOf(geometry->getGeometryType(), wkbGeometryCollection)) {
    if (!geometry->IsEmpty()) parts.push_back(std::move(geometry));
    return;
  }
  OGRGeometryCollection& collection = *geometry->toGeometryCollection();
  while (collection.getNumGeometries() > 0) {
    AddParts(std::unique_ptr<OGRGeometry>(collection.getGeometryRef(0)), parts);
    collection.removeGeometry(0, FALSE);
  }
}

void AddGeometry(const JsonValue& value, Parts& parts, bool& whole) {
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

void AddObject(const JsonValue& object, Parts& parts, bool& whole) {
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

OGRwkbGeometryType CollectionTypeOf(const Parts& parts) {
  const OGRwkbGeometryType first = wkbFlatten(parts.front()->getGeometryType());
  for (const auto& part : parts) {
    if (wkbFlatten(part->getGeometryType()) != first) return wkbGeometryCollection;
  }
  const OGRwkbGeometryType type = OGR_GT_GetCollection(first);
  return type == wkbUnknown ? wkbGeometryCollection : type;
}

}  // namespace

std::unique_ptr<OGRGeometry> ReadGeoJson(const JsonValue* value, bool& whole) {
  if (!value || value->IsNull()) return nullptr;
  Parts parts;
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
  if (parts.empty()) return nullptr;
  std::unique_ptr<OGRGeometry> all(OGRGeometryFactory::createGeometry(CollectionTypeOf(parts)));
  for (auto& part : parts) all->toGeometryCollection()->addGeometryDirectly(part.release());
  return all;
}

const char* KindOf(const OGRGeometry& geometry) {
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbMultiPolygon:
      return "polygon";
    case wkbMultiLineString:
      return "line";
    case wkbMultiPoint:
      return "point";
    default:
      return "mixed";
  }
}

const OGRGeometry* PlaceReader::Get() {
  if (!std::exchange(was_read_, true)) geometry_ = ReadGeoJson(value_, whole_);
  return geometry_.get();
}

}  // namespace s2c
