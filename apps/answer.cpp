// SPDX-License-Identifier: MIT
#include "apps/answer.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <system_error>

#include "client/base/shown_text.h"
#include "client/base/terminal.h"

namespace s2c {
namespace {

constexpr std::size_t kGap = 2;

void Print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string Padded(const std::string& text, std::size_t width) {
  const std::size_t has = ShownWidth(text);
  return has < width ? text + std::string(width - has, ' ') : text;
}

std::string WithTabs(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "\t" : "") + cells[i];
  return line + "\n";
}

void PrintLines(const JsonValue& object, const std::string& indent) {
  std::size_t widest = 0;
  for (const auto& member : object.GetObject())
    widest = std::max(widest, std::size_t{member.name.GetStringLength()});
  for (const auto& member : object.GetObject()) {
    const bool has_records =
        member.value.IsArray() && !member.value.Empty() && member.value[0].IsObject();
    const std::string name = member.name.GetString();
    if (!has_records) {
      Print(indent + Padded(name + ":", widest + 1 + kGap) + CellText(member.value) + "\n");
      continue;
    }
    Print(indent + name + ":\n");
    for (const JsonValue& record : member.value.GetArray()) {
      PrintLines(record, indent + "  ");
      if (&record + 1 != member.value.End()) Print("\n");
    }
  }
}

}  // namespace

Record::Record() { document_.SetObject(); }

JsonValue Record::Text(std::string_view text) {
  const std::string valid = ValidUtf8(text);
  return {valid.data(), static_cast<rapidjson::SizeType>(valid.size()), document_.GetAllocator()};
}

void Record::Add(const char* name, JsonValue value) {
  document_.AddMember(JsonValue(name, document_.GetAllocator()), value, document_.GetAllocator());
}

void Record::Set(const char* name, const std::string& text) { Add(name, Text(text)); }
void Record::Set(const char* name, const std::optional<std::string>& text) {
  text ? Set(name, *text) : Set(name, nullptr);
}
void Record::Set(const char* name, std::int64_t number) { Add(name, JsonValue(number)); }
void Record::Set(const char* name, const std::optional<std::int64_t>& number) {
  number ? Set(name, *number) : Set(name, nullptr);
}
// JSON has no NaN.
void Record::Set(const char* name, double number) {
  Add(name, std::isfinite(number) ? JsonValue(number) : JsonValue());
}
void Record::Set(const char* name, bool value) { Add(name, JsonValue(value)); }
void Record::Set(const char* name, std::nullptr_t) { Add(name, JsonValue()); }
void Record::Set(const char* name, const JsonValue& value) { Add(name, Copy(value)); }

void Record::Set(const char* name, const std::vector<Record>& records) {
  JsonValue array(rapidjson::kArrayType);
  for (const Record& record : records)
    array.PushBack(Copy(record.document_), document_.GetAllocator());
  Add(name, std::move(array));
}

JsonValue Record::Copy(const JsonValue& value) { return {value, document_.GetAllocator()}; }

std::string CellText(const JsonValue& value) {
  if (value.IsNull()) return "";
  if (value.IsString()) return ShownText({value.GetString(), value.GetStringLength()});
  if (!value.IsArray()) return ToJson(value);
  std::string text;
  for (const JsonValue& element : value.GetArray())
    text += (text.empty() ? "" : ", ") + CellText(element);
  return text;
}

Answer::Answer(bool as_json, std::vector<std::string> columns)
    : as_json_(as_json),
      is_aligned_(!as_json && IsTerminal(Stream::kOutput)),
      columns_(std::move(columns)) {
  if (as_json_) {
    Print("[");
  } else if (is_aligned_) {
    cells_.push_back(columns_);
  } else {
    Print(WithTabs(columns_));
  }
}

void Answer::Add(const Record& record) {
  ++count_;
  if (as_json_) {
    Print((count_ > 1 ? ",\n" : "\n") + ToJson(record.value()));
    return;
  }
  std::vector<std::string> cells;
  for (const std::string& column : columns_) {
    const JsonValue* const value = Find(record.value(), column.c_str());
    cells.push_back(value ? CellText(*value) : "");
  }
  if (is_aligned_) {
    cells_.push_back(std::move(cells));
  } else {
    Print(WithTabs(cells));
  }
}

void Answer::End() {
  if (as_json_) Print(count_ > 0 ? "\n]\n" : "]\n");
  if (is_aligned_) PrintTable();
}

// The last column gets what the others leave.
void Answer::PrintTable() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& cells : cells_) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], ShownWidth(cells[i]));
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + kGap;
  const std::size_t all = TerminalColumns(Stream::kOutput);
  const std::size_t left = std::max<std::size_t>(all > before_last ? all - before_last : 0, 12);
  for (const auto& cells : cells_) {
    std::string line;
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) line += Padded(cells[i], widths[i] + kGap);
    line += CutToWidth(cells.back(), left);
    line.erase(line.find_last_not_of(' ') + 1);
    Print(line + "\n");
  }
}

void PrintRecord(bool as_json, const Record& record) {
  if (as_json) {
    Print(ToJson(record.value()) + "\n");
  } else {
    PrintLines(record.value(), "");
  }
}

void PrintText(const std::string& text) {
  if (!IsTerminal(Stream::kOutput)) return Print(text);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Print(ShownText(std::string_view(text).substr(begin, end - begin)) + "\n");
    begin = end + 1;
  }
}

Status FlushAnswers() {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return {};
  return Fail(ErrorKind::kTooLong,
              "standard output cannot be written (" + std::generic_category().message(errno) + ")");
}

}  // namespace s2c
