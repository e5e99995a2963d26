// SPDX-License-Identifier: MIT
#include "driver/geometry_parts.h"

namespace s2c {
namespace {

OGRwkbGeometryType CollectionTypeOf(const GeometryParts& parts) {
  const OGRwkbGeometryType first = wkbFlatten(parts.front()->getGeometryType());
  for (const auto& part : parts) {
    if (wkbFlatten(part->getGeometryType()) != first) return wkbGeometryCollection;
  }
  const OGRwkbGeometryType type = OGR_GT_GetCollection(first);
  return type == wkbUnknown ? wkbGeometryCollection : type;
}

}  // namespace

void AddParts(std::unique_ptr<OGRGeometry> geometry, GeometryParts& parts) {
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

std::unique_ptr<OGRGeometry> Together(GeometryParts parts) {
  if (parts.empty()) return nullptr;
  std::unique_ptr<OGRGeometry> all(OGRGeometryFactory::createGeometry(CollectionTypeOf(parts)));
  for (auto& part : parts) all->toGeometryCollection()->addGeometryDirectly(part.release());
  return all;
}

}  // namespace s2c
