// SPDX-License-Identifier: MIT
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/base/result.h"

namespace s2c {

using JsonValue = rapidjson::Value;
using JsonDocument = std::shared_ptr<const rapidjson::Document>;

/// Parses UTF-8 JSON without recursion, with or without a byte order mark; NaN and Infinity, which
/// Python writes, are numbers. More than 200 levels are refused, since whatever walks the values
/// later may recurse, and more than 8 million values, for their memory. The result is immutable and
/// may be shared by threads.
Result<JsonDocument> ParseJson(std::string_view text);

/// The readers below never fail: what is absent, null or of another type is nothing.

/// The member of an object; null where there is none.
const JsonValue* Find(const JsonValue& object, const char* name);
/// The same along a path of members, each in the one before; `document` may be null.
const JsonValue* FindAt(const JsonDocument& document, std::initializer_list<const char*> path);
/// A string as it is; a number or boolean as its JSON text.
std::optional<std::string> AsText(const JsonValue& value);
std::optional<std::string> TextAt(const JsonValue& object, const char* name);
/// A number, or a string that holds one.
std::optional<double> AsNumber(const JsonValue& value);
std::optional<double> NumberAt(const JsonValue& object, const char* name);
/// A JSON:API id, given as a number or as a string of digits.
std::optional<std::int64_t> AsId(const JsonValue& value);

/// The value as compact JSON.
std::string ToJson(const JsonValue& value);
/// A text as JSON, in its quotes.
std::string JsonText(std::string_view text);

}  // namespace s2c
