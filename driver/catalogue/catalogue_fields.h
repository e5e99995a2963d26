// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstdint>
#include <string>
#include <vector>

#include "client/base/json.h"
#include "driver/catalogue/catalogue_geometry.h"
#include "driver/catalogue/row_writer.h"
#include "driver/catalogue/server_field.h"

namespace s2c {

/// A resource of the API, as a row of a layer.
struct CatalogueRow {
  std::int64_t id = 0;
  const JsonValue& resource;
  const JsonValue& attributes;
  PlaceReader& place;
  double now = 0;  ///< Unix time
};

/// One field of a catalogue's layer.
struct CatalogueField {
  /// Sets the field `name`; false, and null, where the API's value is of no use.
  using Reader = bool (*)(const CatalogueRow& row, const char* name, OGRFeature& feature,
                          int field);

  const char* name;
  OGRFieldType type;
  OGRFieldSubType subtype;
  ServerKind kind;
  Reader read;
  std::vector<std::string> attributes;  ///< what it is made of; empty: the one of its own name
};

/// A layer of the catalogue: one type of the API's resources.
struct CatalogueTable {
  const char* name;  ///< of the layer and of the type
  const char*
      geometry_attribute;  ///< null where there is no geometry, else they are multi-polygons
  bool shows_pixels;       ///< of lines and points, as PolygonsOf() does
  std::vector<CatalogueField> fields;
  /// Completes a feature for whom it is shown to, after all filters have looked at what the server
  /// has; may be null.
  void (*present)(const CatalogueRow& row, OGRFeature& feature);
  const RowWriter* writer;  ///< null where rows cannot be changed
};

/// inference, factbase, knowledgebase. A new field is one line there.
const std::vector<CatalogueTable>& CatalogueTables();

/// The names of the boolean fields of all tables.
std::vector<std::string> BooleanFields();

}  // namespace s2c
