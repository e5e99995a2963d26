// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_swq.h>

#include "client/api/filter.h"
#include "driver/catalogue/server_field.h"

namespace s2c {

/// Rows that the server can find: at least those that OGR means.
struct ServerRows {
  RowFilter filter = RowFilter::All();
  bool exact = false;  ///< no others
};

/// The functions below give rows in which the field is not null: null is the caller's affair.

/// The rows for which OGR finds `field comparison constant`. `equality` says that it stands alone
/// and not in a list: OGR reads some texts as times there.
ServerRows CompareAtServer(const ServerField& field, Comparison comparison,
                           const swq_expr_node& constant, bool equality = true);

/// The rows whose field is, or is not, one of the constants from `first` on.
ServerRows ListedAtServer(const ServerField& field, const swq_expr_node& node, int first,
                          bool listed);

/// The rows for which OGR's LIKE or ILIKE `node` is true, or is false.
ServerRows LikeAtServer(const ServerField& field, const swq_expr_node& node, bool like);

}  // namespace s2c
