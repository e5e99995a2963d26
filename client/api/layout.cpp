// SPDX-License-Identifier: MIT
#include "client/api/layout.h"

#include "client/base/text.h"

namespace s2c {
namespace {

template <class Use>
void ForEachObject(const JsonValue& array, Use use) {
  if (!array.IsArray()) return;
  for (const JsonValue& item : array.GetArray()) {
    if (item.IsObject()) use(item);
  }
}

template <class Use>
void ForEachObjectAt(const JsonValue& object, const char* name, Use use) {
  if (const JsonValue* const array = Find(object, name)) ForEachObject(*array, use);
}

Measurement ReadMeasurement(const JsonValue& measurement) {
  Measurement read;
  read.name = TextAt(measurement, "name").value_or("");
  read.label = TextAt(measurement, "label").value_or("");
  ForEachObjectAt(measurement, "values", [&](const JsonValue& value) {
    const JsonValue* const found = Find(value, "id");
    const auto id = found ? AsId(*found) : std::nullopt;
    if (!id) return;
    // The label is often an abbreviation.
    std::string name = OneLine(TextAt(value, "description").value_or(""));
    if (name.empty()) name = OneLine(TextAt(value, "label").value_or(""));
    if (!name.empty()) read.classes.emplace(*id, std::move(name));
  });
  return read;
}

std::string Compared(std::string_view text) {
  std::string compared;
  for (const char c : LowerCase(text)) {
    const bool is_between = c == ' ' || c == '_' || c == '-' || c == '.';
    if (!is_between) compared += c;
  }
  for (std::size_t at; (at = compared.find("colour")) != std::string::npos;)
    compared.erase(at + 4, 1);
  return compared;
}

}  // namespace

Layout ReadLayout(const JsonValue& layout) {
  if (layout.IsString()) {
    const auto inner = ParseJson({layout.GetString(), layout.GetStringLength()});
    return inner && (*inner)->IsObject() ? ReadLayout(**inner) : Layout();
  }
  Layout read;
  if (!layout.IsObject()) return read;
  for (const auto& group : layout.GetObject()) {
    ForEachObject(group.value, [&](const JsonValue& product) {
      ForEachObjectAt(product, "measurements", [&](const JsonValue& measurement) {
        if (TextAt(measurement, "type").value_or("") == "categorical")
          read.push_back(ReadMeasurement(measurement));
      });
    });
  }
  return read;
}

ClassNames ClassesOf(const Layout& layout, std::string_view output) {
  ClassNames classes;
  const std::string wanted = Compared(output);
  for (const Measurement& measurement : layout) {
    if (wanted.empty() ||
        (Compared(measurement.name) != wanted && Compared(measurement.label) != wanted))
      continue;
    for (const auto& [id, name] : measurement.classes) {
      if (classes.emplace(id, name).first->second != name) return {};
    }
  }
  return classes;
}

}  // namespace s2c
