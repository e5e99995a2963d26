// SPDX-License-Identifier: MIT
#include "tests/unit/support/memory_layer.h"

#include <cpl_string.h>
#include <gdal_priv.h>

#include <cstdlib>

namespace s2c::testing_support {

MemoryLayer::MemoryLayer(const std::vector<MemoryField>& fields) {
  GDALAllRegister();
  // Newer versions have it in the raster driver.
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("Memory");
  if (!driver) driver = GetGDALDriverManager()->GetDriverByName("MEM");
  dataset_ = driver->Create("", 0, 0, 0, GDT_Unknown, nullptr);
  // Newer versions fold letters beyond ASCII in layers that say that their texts are UTF-8.
  CPLStringList options;
  options.SetNameValue("ADVERTIZE_UTF8", "YES");
  layer_ = dataset_->CreateLayer("rows", nullptr, wkbPolygon, options.List());
  for (const MemoryField& field : fields) {
    OGRFieldDefn definition(field.name, field.type);
    definition.SetSubType(field.subtype);
    if (layer_->CreateField(&definition) != OGRERR_NONE) std::abort();
  }
}

MemoryLayer::~MemoryLayer() { GDALClose(dataset_); }

void MemoryLayer::Add(std::int64_t fid, const std::function<void(OGRFeature&)>& fill) {
  OGRFeature feature(layer_->GetLayerDefn());
  feature.SetFID(fid);
  fill(feature);
  if (layer_->CreateFeature(&feature) != OGRERR_NONE) std::abort();
}

}  // namespace s2c::testing_support
