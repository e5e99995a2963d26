// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace s2c {

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

/// a != b for a == b, a >= b for a < b.
Comparison Inverse(Comparison comparison);
/// b > a for a < b.
Comparison Mirrored(Comparison comparison);

/// Which rows of a collection to ask for, in the JSON filters of flask-rest-jsonapi
/// (https://flask-rest-jsonapi.readthedocs.io/en/latest/filtering.html). Both of its generations
/// hand the operators on to SQLAlchemy: SQL's logic holds, a condition on null is unknown, and rows
/// for which the whole is unknown are not found.
class RowFilter {
 public:
  static RowFilter All();
  static RowFilter None();
  static RowFilter Null(std::string_view name);
  static RowFilter NotNull(std::string_view name);
  static RowFilter Compare(std::string_view name, Comparison comparison, std::int64_t value);
  static RowFilter Compare(std::string_view name, Comparison comparison, double value);
  /// Of a text, or of a time as the API writes it.
  static RowFilter Compare(std::string_view name, Comparison comparison, std::string_view value);
  static RowFilter Is(std::string_view name, bool value);
  static RowFilter In(std::string_view name, const std::vector<std::int64_t>& values);
  static RowFilter NotIn(std::string_view name, const std::vector<std::int64_t>& values);
  /// SQL's LIKE: % stands for any characters, _ for one, and a backslash takes their meaning away.
  static RowFilter NotLike(std::string_view name, std::string_view pattern);
  /// Ignoring case.
  static RowFilter ILike(std::string_view name, std::string_view pattern);
  static RowFilter NotILike(std::string_view name, std::string_view pattern);

  static RowFilter Every(std::vector<RowFilter> parts);
  static RowFilter Any(std::vector<RowFilter> parts);

  bool IsAll() const { return kind_ == Kind::kAll; }

  /// The value of the query parameter `filter`, not encoded; empty for all rows.
  struct Parameter {
    std::string json;
    bool whole = true;  ///< false where conditions were left out
  };
  /// Leaves out conditions that all rows must fulfil until the parameter, encoded, has at most
  /// `limit` bytes: servers have limits for the length of a request's first line.
  Parameter ToParameter(std::size_t limit) const;

 private:
  enum class Kind { kAll, kNone, kLeaf, kIn, kEvery, kAny };

  explicit RowFilter(Kind kind) : kind_(kind) {}
  static RowFilter Leaf(std::string_view name, const char* op, const std::string& value);
  static RowFilter Joined(Kind kind, std::vector<RowFilter> parts);
  void Add(RowFilter part);
  std::string Json() const;

  Kind kind_;
  std::string leaf_;                  ///< of kIn, the field's name
  std::vector<std::int64_t> values_;  ///< of kIn
  std::vector<RowFilter> parts_;
};

}  // namespace s2c
