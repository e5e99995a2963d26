// SPDX-License-Identifier: MIT
#include "driver/catalogue/server_filter.h"

#include <ogr_p.h>

#include <optional>
#include <utility>

#include "driver/catalogue/server_comparison.h"
#include "vsi/gdal_compat.h"

namespace s2c {
namespace {

// GDAL itself evaluates 32 or 128 levels.
constexpr int kMostLevels = 128;
// With path, fields and paging a request's first line stays below 4094 bytes, which is the smallest
// limit that the usual servers have (gunicorn's limit_request_line).
constexpr std::size_t kMostBytes = 2800;

// The outcome of a condition for the rows that are wanted: true or false, and unknown as well?
struct Wanted {
  bool outcome = true;
  bool or_unknown = false;
  bool below_not = false;  ///< somewhere below a NOT
};

std::optional<Comparison> ComparisonOf(swq_op operation) {
  switch (operation) {
    case SWQ_EQ:
      return Comparison::kEqual;
    case SWQ_NE:
      return Comparison::kNotEqual;
    case SWQ_LT:
      return Comparison::kLess;
    case SWQ_LE:
      return Comparison::kLessOrEqual;
    case SWQ_GT:
      return Comparison::kGreater;
    case SWQ_GE:
      return Comparison::kGreaterOrEqual;
    default:
      return std::nullopt;
  }
}

bool IsConnective(const swq_expr_node& node) {
  return node.nOperation == SWQ_AND || node.nOperation == SWQ_OR || node.nOperation == SWQ_NOT;
}

// Whether it gives true, false or, from GDAL 3.10 on, unknown, but not a column's own value.
bool IsCondition(const swq_expr_node& node) {
  if (node.eNodeType != SNT_OPERATION) return false;
  switch (node.nOperation) {
    case SWQ_AND:
    case SWQ_OR:
    case SWQ_NOT:
    case SWQ_ISNULL:
    case SWQ_IN:
    case SWQ_BETWEEN:
    case SWQ_LIKE:
    case SWQ_ILIKE:
      return true;
    default:
      return ComparisonOf(node.nOperation).has_value();
  }
}

// Among reals OGR takes every boolean for 0 (SWQGeneralEvaluator()), in a list by what comes first.
bool IsValueFor(const ServerField& field, const swq_expr_node& node) {
  return node.eNodeType == SNT_CONSTANT && !node.is_null &&
         (field.kind != ServerKind::kBoolean || node.field_type != SWQ_FLOAT);
}

// Rows for which a condition has a wanted outcome: NOT is carried down to the comparisons, since
// the opposite of more rows than OGR finds would be fewer.
class Translator {
 public:
  explicit Translator(const FieldMap& map) : map_(map) {}

  ServerRows Translate(const swq_expr_node& node, Wanted wanted, int level) const {
    if (level > kMostLevels || !IsCondition(node)) return {};
    if (!IsConnective(node)) return TranslateLeaf(node, wanted);
    if (node.nOperation != SWQ_NOT) return TranslateJunction(node, wanted, level);
    return Translate(*node.papoSubExpr[0], Wanted{!wanted.outcome, wanted.or_unknown, true},
                     level + 1);
  }

 private:
  // AND is true where all are, false where one is; OR the other way round.
  ServerRows TranslateJunction(const swq_expr_node& node, Wanted wanted, int level) const {
    // From GDAL 3.10.1 on "true AND unknown" is false, and "true OR unknown" is both true and
    // unknown, which shows below a NOT.
    const bool and_false = node.nOperation == SWQ_AND && !wanted.outcome;
    const Wanted each{wanted.outcome, wanted.or_unknown || and_false, wanted.below_not};
    bool exact = kNullComparisonIsFalse || !wanted.below_not;
    std::vector<RowFilter> parts;
    for (int i = 0; i < node.nSubExprCount; ++i) {
      const swq_expr_node& operand = *node.papoSubExpr[i];
      // Before, a column that is null made the whole false, even "true OR column".
      if (wanted.below_not && !IsCondition(operand)) return {};
      ServerRows rows = Translate(operand, each, level + 1);
      parts.push_back(std::move(rows.filter));
      exact = exact && rows.exact;
    }
    const bool every = (node.nOperation == SWQ_AND) == wanted.outcome;
    return {every ? RowFilter::Every(std::move(parts)) : RowFilter::Any(std::move(parts)), exact};
  }

  ServerRows TranslateLeaf(const swq_expr_node& node, Wanted wanted) const {
    const swq_expr_node* column = node.papoSubExpr[0];
    std::optional<Comparison> comparison = ComparisonOf(node.nOperation);
    const swq_expr_node* value = comparison ? node.papoSubExpr[1] : nullptr;
    if (comparison && column->eNodeType == SNT_CONSTANT) {
      std::swap(column, value);
      comparison = Mirrored(*comparison);
    }
    const ServerField field = FieldOf(*column);
    if (field.kind == ServerKind::kLocal) return {};
    if (node.nOperation == SWQ_ISNULL) return TranslateIsNull(field, wanted.outcome);
    // The NaN of a database is more than any number there, and null in the layer.
    if (field.kind == ServerKind::kReal && (!wanted.outcome || wanted.or_unknown)) return {};
    if (comparison && !wanted.outcome) comparison = Inverse(*comparison);
    ServerRows rows;
    if (comparison && IsValueFor(field, *value)) {
      rows = CompareAtServer(field, *comparison, *value);
      // For <> OGR compares how dates are written.
      if (node.nOperation == SWQ_NE && field.kind == ServerKind::kDate) rows.exact = false;
    } else if (!comparison && HasValuesFor(field, node)) {
      rows = TranslateOther(field, node, wanted.outcome);
    }
    const bool or_null = kNullComparisonIsFalse ? !wanted.outcome : wanted.or_unknown;
    if (or_null) rows.filter = RowFilter::Any({std::move(rows.filter), Null(field)});
    return rows;
  }

  static bool HasValuesFor(const ServerField& field, const swq_expr_node& node) {
    for (int i = 1; i < node.nSubExprCount; ++i)
      if (!IsValueFor(field, *node.papoSubExpr[i])) return false;
    return node.nSubExprCount > 1;
  }

  static ServerRows TranslateOther(const ServerField& field, const swq_expr_node& node,
                                   bool outcome) {
    if (node.nOperation == SWQ_IN) return ListedAtServer(field, node, 1, outcome);
    if (node.nOperation != SWQ_BETWEEN) return LikeAtServer(field, node, outcome);
    if (node.nSubExprCount != 3) return {};
    ServerRows low = CompareAtServer(
        field, outcome ? Comparison::kGreaterOrEqual : Comparison::kLess, *node.papoSubExpr[1]);
    ServerRows high = CompareAtServer(
        field, outcome ? Comparison::kLessOrEqual : Comparison::kGreater, *node.papoSubExpr[2]);
    std::vector<RowFilter> both{std::move(low.filter), std::move(high.filter)};
    return {outcome ? RowFilter::Every(std::move(both)) : RowFilter::Any(std::move(both)),
            low.exact && high.exact};
  }

  static RowFilter Null(const ServerField& field) {
    return field.name == "id" ? RowFilter::None() : RowFilter::Null(field.name);
  }

  static ServerRows TranslateIsNull(const ServerField& field, bool is_null) {
    if (field.name == "id") return {is_null ? RowFilter::None() : RowFilter::All(), true};
    // The NaN of a database is null in the layer.
    if (field.kind == ServerKind::kReal)
      return is_null ? ServerRows{} : ServerRows{RowFilter::NotNull(field.name), false};
    return {is_null ? RowFilter::Null(field.name) : RowFilter::NotNull(field.name), true};
  }

  // kLocal for what is no column of the layer.
  ServerField FieldOf(const swq_expr_node& node) const {
    if (node.eNodeType != SNT_COLUMN || node.table_index != 0 || node.field_index < 0) return {};
    const auto index = static_cast<std::size_t>(node.field_index);
    if (index < map_.fields.size()) return map_.fields[index];
    // The special fields follow, then the geometries, then the FID under its own name
    // (OGRFeatureQuery::Compile()).
    const std::size_t special = index - map_.fields.size();
    const std::size_t fid_column =
        SPECIAL_FIELD_COUNT + static_cast<std::size_t>(map_.geometry_fields);
    if (special == SPF_FID || special == fid_column) return {"id", ServerKind::kInteger};
    return {};
  }

  const FieldMap& map_;
};

}  // namespace

ServerFilter TranslateFilter(const swq_expr_node& where, const FieldMap& map) {
  const ServerRows rows = Translator(map).Translate(where, Wanted{}, 0);
  RowFilter::Parameter parameter = rows.filter.ToParameter(kMostBytes);
  return {std::move(parameter.json), rows.exact && parameter.whole};
}

}  // namespace s2c
