// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstdint>

#include "client/base/json.h"

namespace s2c {

/// Set a feature's field from what the API gives. Each of them: null stays null; what is nearly of
/// the type (a number as text) is converted; false, and null, where it is not. `value` may be null
/// where the API leaves it out.

/// An array or object becomes its JSON.
bool SetText(const JsonValue* value, OGRFeature& feature, int field);
/// Integer and Integer64.
bool SetInteger(const JsonValue* value, OGRFeature& feature, int field);
/// A number that is not finite is null.
bool SetReal(const JsonValue* value, OGRFeature& feature, int field);
bool SetBoolean(const JsonValue* value, OGRFeature& feature, int field);
/// ISO 8601 with any offset from UTC; without one it is UTC, as for the service.
bool SetTime(const JsonValue* value, OGRFeature& feature, int field);
/// Of a time the day.
bool SetDate(const JsonValue* value, OGRFeature& feature, int field);
/// JSON as it is, or a text that holds it.
bool SetJson(const JsonValue* value, OGRFeature& feature, int field);

/// The time in a field, which is not null, in milliseconds since 1970. Without a zone it is UTC, as
/// all times of the catalogue are; so it is where it is said to be local: by programs that show
/// the catalogue's times without their zone (QGIS).
std::int64_t MomentOf(const OGRFeature& feature, int field);
/// Whether its zone is known.
bool HasZone(const OGRFeature& feature, int field);

}  // namespace s2c
