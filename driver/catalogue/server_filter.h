// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "driver/catalogue/server_field.h"

class swq_expr_node;

namespace s2c {

/// The fields of a layer in its own order; the FID is the server's `id`.
struct FieldMap {
  std::vector<ServerField> fields;
  int geometry_fields = 0;
};

/// What of an attribute filter the server can do. The rows that it finds are all that OGR would
/// find, and perhaps more: the filter is always evaluated again on this side.
struct ServerFilter {
  std::string json;       ///< value of the query parameter `filter`, unencoded; empty: ask for all
  bool complete = false;  ///< the server finds no more than OGR would: meta.count is the count
};

/// `where` is what OGRFeatureQuery::GetSWQExpr() gives for a filter compiled for the layer. Never
/// fails: what does not translate is not asked of the server. A server that answers the filtered
/// request with 400 or 500 knows the field by another type; ask it once more without `filter`.
ServerFilter TranslateFilter(const swq_expr_node& where, const FieldMap& map);

}  // namespace s2c
