// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

class swq_expr_node;

namespace s2c {

/// How a layer's field is kept at the server: what a filter may ask there.
enum class ServerKind {
  kLocal,    ///< made on this side, or changed: no filter on it goes to the server
  kText,     ///< the layer has the server's text as it is, "" and blanks included
  kWord,     ///< kText of ASCII characters only, as a status: more filters are complete
  kInteger,  ///< in the layer as Integer or Integer64
  kReal,     ///< in the layer as Real
  kBoolean,  ///< in the layer as Integer of subtype Boolean
  kTime,     ///< in the layer as DateTime in UTC, to the millisecond or better
  kDate,     ///< in the layer as Date
};

/// A field is null in the layer where it is null at the server, else it is kLocal.
struct ServerField {
  std::string name;  ///< of the attribute at the server
  ServerKind kind = ServerKind::kLocal;
};

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
