// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "client/base/json.h"

namespace s2c::testing_support {

/// A time as a database keeps it.
struct Microseconds {
  std::int64_t since_1970 = 0;
};

/// A column's value in a database; monostate is null.
using SqlValue =
    std::variant<std::monostate, std::string, std::int64_t, double, bool, Microseconds>;
using SqlRow = std::map<std::string, SqlValue>;

/// What PostgreSQL finds for a flask-rest-jsonapi filter and a row: true, false, or nothing for
/// unknown. What the database or the library would refuse is a test's failure.
std::optional<bool> Evaluate(const JsonValue& filter, const SqlRow& row);

/// The whole query parameter; an empty one takes all rows.
bool TakesRow(const std::string& parameter, const SqlRow& row);

/// `2021-09-28T07:41:12.520318+00:00`
std::string ApiTime(Microseconds time);
/// Of such a text, and of `2021-09-28`, which is its midnight.
std::optional<Microseconds> ReadApiTime(const std::string& text);

}  // namespace s2c::testing_support
