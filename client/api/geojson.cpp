// SPDX-License-Identifier: MIT
#include "client/api/geojson.h"

#include <initializer_list>

#include "client/base/text.h"

namespace s2c {
namespace {

std::string NameOf(const JsonValue::Member& member) {
  return {member.name.GetString(), member.name.GetStringLength()};
}

// GDAL does not tell the case of names apart where it finds none that is equal.
bool IsOneOf(std::initializer_list<const char*> names, const std::string& name) {
  for (const char* one : names) {
    if (EqualIgnoringCase(one, name)) return true;
  }
  return false;
}

template <class Write>
std::string Array(const JsonValue& values, Write write) {
  std::string text = "[";
  for (const JsonValue& value : values.GetArray())
    text += (text.size() > 1 ? "," : "") + write(value);
  return text + "]";
}

// The object with those members for which `write` has a text.
template <class Write>
std::string Object(const JsonValue& object, Write write) {
  if (!object.IsObject()) return ToJson(object);
  std::string text = "{";
  for (const auto& member : object.GetObject()) {
    const std::string value = write(NameOf(member), member.value);
    if (!value.empty()) text += (text.size() > 1 ? "," : "") + ToJson(member.name) + ":" + value;
  }
  return text + "}";
}

std::string Geometry(const JsonValue& geometry) {
  return Object(geometry, [](const std::string& name, const JsonValue& value) -> std::string {
    if (IsOneOf({"type", "coordinates"}, name)) return ToJson(value);
    if (!IsOneOf({"geometries"}, name) || !value.IsArray()) return {};
    return Array(value, Geometry);
  });
}

std::string Quoted(const std::string& text) {
  return ToJson(JsonValue(rapidjson::StringRef(text.data(), text.size())));
}

std::string Property(const JsonValue& value) {
  if (value.IsArray()) return Array(value, Property);
  // GDAL would make a floating-point number of it.
  const bool is_beyond_int64 = value.IsUint64() && !value.IsInt64();
  return is_beyond_int64 ? Quoted(ToJson(value)) : ToJson(value);
}

std::string Properties(const JsonValue& properties) {
  return Object(properties, [](const std::string& name, const JsonValue& value) {
    const bool is_name = name == "name" && !value.IsNull() && !value.IsString();
    return is_name ? Quoted(ToJson(value)) : Property(value);
  });
}

// GDAL 3.13 reads nothing of a collection with a number that no FID can be.
std::string Id(const JsonValue& value) {
  return value.IsNumber() && !value.IsInt64() ? Quoted(ToJson(value)) : ToJson(value);
}

std::string Feature(const JsonValue& feature) {
  return Object(feature, [](const std::string& name, const JsonValue& value) -> std::string {
    if (IsOneOf({"geometry"}, name)) return Geometry(value);
    if (IsOneOf({"properties"}, name)) return Properties(value);
    if (IsOneOf({"id"}, name)) return Id(value);
    return IsOneOf({"type"}, name) ? ToJson(value) : "";
  });
}

std::string Collection(const JsonValue& collection) {
  return Object(collection, [](const std::string& name, const JsonValue& value) -> std::string {
    if (IsOneOf({"type"}, name)) return ToJson(value);
    return IsOneOf({"features"}, name) && value.IsArray() ? Array(value, Feature) : "";
  });
}

bool HasMember(const JsonValue& object, const char* name) {
  if (!object.IsObject()) return false;
  for (const auto& member : object.GetObject()) {
    if (EqualIgnoringCase(name, NameOf(member))) return true;
  }
  return false;
}

}  // namespace

std::string PlainGeoJson(const JsonValue& document) {
  if (HasMember(document, "features")) return Collection(document);
  // In a collection: GDAL looks into the properties of the outermost object for its own ends.
  if (HasMember(document, "geometry"))
    return R"({"type":"FeatureCollection","features":[)" + Feature(document) + "]}";
  return Geometry(document);
}

}  // namespace s2c
