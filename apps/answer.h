// SPDX-License-Identifier: MIT
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/base/json.h"
#include "client/base/result.h"

namespace s2c {

/// One thing that a command tells, by name, in the order in which it was told. The names are those
/// of --json, which scripts rely on.
class Record {
 public:
  Record();
  Record(Record&&) = default;
  Record& operator=(Record&&) = default;

  void Set(const char* name, const std::string& text);
  void Set(const char* name, const char* text) { Set(name, std::string(text)); }
  void Set(const char* name, const std::optional<std::string>& text);
  void Set(const char* name, std::int64_t number);
  void Set(const char* name, const std::optional<std::int64_t>& number);
  void Set(const char* name, double number);
  void Set(const char* name, bool value);
  void Set(const char* name, std::nullptr_t);
  void Set(const char* name, const JsonValue& value);
  void Set(const char* name, const std::vector<Record>& records);

  const JsonValue& value() const { return document_; }

 private:
  void Add(const char* name, JsonValue value);
  JsonValue Text(std::string_view text);
  JsonValue Copy(const JsonValue& value);

  rapidjson::Document document_;
};

/// What stands in a table for a value: texts as they are shown, lists with commas, null as nothing.
std::string CellText(const JsonValue& value);

/// Puts records on standard output: with --json as a JSON array, on a terminal as an aligned table
/// of `columns`, else as the same with tabs between them.
class Answer {
 public:
  Answer(bool as_json, std::vector<std::string> columns);

  void Add(const Record& record);
  /// Once, after the last one.
  void End();

 private:
  void PrintTable() const;

  const bool as_json_;
  const bool is_aligned_;
  const std::vector<std::string> columns_;
  std::size_t count_ = 0;
  std::vector<std::vector<std::string>>
      cells_;  ///< of an aligned table, which waits for its widths
};

/// One record: with --json as an object, else a line for each thing.
void PrintRecord(bool as_json, const Record& record);

/// Bytes on standard output, made harmless where that is a terminal.
void PrintText(const std::string& text);

/// Whether all of it has arrived where standard output goes.
Status FlushAnswers();

}  // namespace s2c
