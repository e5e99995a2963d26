// SPDX-License-Identifier: MIT
// Attribute filters, as `ogrinfo -where` takes them, on their way to the server.
#include <ogr_feature.h>
#include <ogr_swq.h>

#include "client/base/json.h"
#include "driver/catalogue/catalogue_fields.h"
#include "driver/catalogue/server_filter.h"
#include "driver/sql_statement.h"
#include "tests/fuzz/fuzzing.h"

namespace {

struct Layer {
  OGRFeatureDefn* definition = new OGRFeatureDefn("inference");
  s2c::FieldMap map;

  Layer() {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    definition->Reference();
    for (const s2c::CatalogueField& field : s2c::CatalogueTables().front().fields) {
      OGRFieldDefn of_layer(field.name, field.type);
      definition->AddFieldDefn(&of_layer);
      map.fields.push_back({field.name, field.kind});
    }
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto* const layer = new Layer;
  const std::string text(s2c::fuzzing::TextOf(data, size));
  s2c::SqlKindOf(text.c_str());
  OGRFeatureQuery query;
  if (query.Compile(layer->definition, text.c_str()) != OGRERR_NONE) return 0;
  const auto* const where = static_cast<const swq_expr_node*>(query.GetSWQExpr());
  const s2c::ServerFilter filter = s2c::TranslateFilter(*where, layer->map);
  s2c::fuzzing::Require(filter.json.empty() || s2c::ParseJson(filter.json).has_value(),
                        "a filter for the server is JSON");
  return 0;
}
