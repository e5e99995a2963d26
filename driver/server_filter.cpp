// SPDX-License-Identifier: MIT
#include "driver/server_filter.h"

#include <ogr_swq.h>

namespace s2c {

ServerFilter TranslateFilter(const swq_expr_node&, const FieldMap&) { return {}; }

}  // namespace s2c
