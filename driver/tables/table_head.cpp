// SPDX-License-Identifier: MIT
#include "driver/tables/table_head.h"

#include <cpl_csv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_set>

#include "client/base/text.h"
#include "client/base/twins.h"

namespace s2c {
namespace {

using Cells = std::vector<std::string>;

// As many as GDAL's CSV driver reads.
constexpr std::size_t kMostColumns = 2000;

// The lines of a CSV text, split by the function that GDAL's CSV driver uses.
class Lines {
 public:
  Lines(std::string_view content, char separator)
      : content_(content),
        separator_{separator, '\0'},
        // The handle only reads, though it is given a plain pointer.
        file_(VSIFileFromMemBuffer(nullptr,
                                   reinterpret_cast<GByte*>(const_cast<char*>(content.data())),
                                   content.size(), FALSE)) {}
  ~Lines() {
    if (file_) VSIFCloseL(file_);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  /// Blank lines are no rows, there as here.
  std::optional<Cells> Next() {
    while (file_) {
      const auto start = static_cast<std::size_t>(VSIFTellL(file_));
      const CPLStringList tokens(
          CSVReadParseLine3L(file_, 0, separator_, true, false, false, true));
      if (AtEnd()) LookForOpenQuote(start, tokens.List() != nullptr);
      if (!tokens.List()) return std::nullopt;
      if (!tokens.empty()) return Cells(tokens.List(), tokens.List() + tokens.size());
    }
    return std::nullopt;
  }

  bool AtEnd() const { return !file_ || VSIFEofL(file_); }
  /// Counted from 1: that with a quote that is not closed, so that it took all that follow; or 0.
  std::ptrdiff_t LineOfOpenQuote() const { return open_quote_; }

 private:
  // GDAL gives what such a line took or, in later versions, nothing.
  void LookForOpenQuote(std::size_t start, bool is_given) {
    const std::string_view line = content_.substr(start);
    const bool is_odd = std::count(line.begin(), line.end(), '"') % 2 != 0;
    const bool is_long = Trim(line).find('\n') != std::string_view::npos;
    if (is_odd && (is_long || !is_given))
      open_quote_ = 1 + std::count(content_.begin(), content_.begin() + start, '\n');
  }

  const std::string_view content_;
  std::ptrdiff_t open_quote_ = 0;
  const char separator_[2];
  VSILFILE* const file_;
};

std::string_view FirstLine(std::string_view content) {
  return content.substr(0, content.find_first_of("\r\n"));
}

char SeparatorOf(std::string_view content) {
  const char separator = CSVDetectSeperator(std::string(FirstLine(content)).c_str());
  // A blank separates nothing here: names have blanks.
  return separator == ';' || separator == '\t' ? separator : ',';
}

Cells ExpectedNames(const Output& output) {
  Cells names = output.dims;
  names.push_back(output.name);
  return names;
}

// What pandas writes for a frame whose columns have no names but numbers or times, ",0" or
// ",2019,2020": the first cell, the index' own, is empty (issue 10).
bool IsUnnamed(const Cells& cells) {
  if (cells.size() < 2 || !cells[0].empty()) return false;
  const CellKind kind = KindOf(cells[1]);
  const bool are_alike = std::all_of(cells.begin() + 1, cells.end(),
                                     [&](const std::string& cell) { return KindOf(cell) == kind; });
  return are_alike && kind != CellKind::kMissing && kind != CellKind::kReal &&
         std::unordered_set<std::string>(cells.begin(), cells.end()).size() == cells.size();
}

// pandas writes a header, but none for a single value. One that is not there must not cost the
// first row, so a line that holds data is none.
bool IsHeader(const Cells& cells, bool is_only_line, const Output& output) {
  const Cells expected = ExpectedNames(output);
  const auto names_a_column = [&](const std::string& cell) {
    return std::find(expected.begin(), expected.end(), std::string(Trim(cell))) != expected.end();
  };
  if (std::any_of(cells.begin(), cells.end(), names_a_column)) return true;
  if (is_only_line && cells.size() == 1) return false;
  if (IsUnnamed(cells)) return true;
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return Trim(cell).empty() || KindOf(cell) == CellKind::kText;
  });
}

// Unique ignoring case, as databases want them.
void NameColumns(TableHead& head, const Cells& names) {
  std::unordered_set<std::string> taken;
  Twins twins;
  for (const std::string& cell : names) {
    std::string stem = Utf8(std::string(Trim(cell)));
    if (stem.empty()) stem = "field_" + std::to_string(head.columns.size() + 1);
    const auto numbered = [&](int number) {
      return number == 1 ? stem : stem + "_" + std::to_string(number);
    };
    const auto take = [&](const std::string& name) { return taken.insert(LowerCase(name)).second; };
    head.columns.push_back({twins.Next(LowerCase(stem), numbered, take)});
  }
}

bool IsDimension(const std::string& column, const Output& output) {
  if (output.dims.empty()) return column == "space" || column == "time";
  return std::find(output.dims.begin(), output.dims.end(), column) != output.dims.end();
}

ColumnType::Role RoleOf(const std::string& column, const Output& output) {
  if (column == "time") return ColumnType::Role::kTime;
  if (IsDimension(column, output)) return ColumnType::Role::kDimension;
  return output.value_type.value_or("") == "categorical" ? ColumnType::Role::kCategory
                                                         : ColumnType::Role::kValue;
}

// Without a header the API's names stand for the columns, if there are as many.
Cells NamesWithoutHeader(std::size_t count, const Output& output) {
  Cells names = ExpectedNames(output);
  if (count == 1) return {output.name};
  if (names.size() != count) names.assign(count, "");
  return names;
}

void NoteMissingDimensions(TableHead& head, const Output& output) {
  for (const std::string& dim : output.dims) {
    if (std::none_of(head.columns.begin(), head.columns.end(),
                     [&](const TableColumn& column) { return column.name == dim; }))
      head.notes.push_back("has no column '" + OneLine(dim, 80) +
                           "', though the API says that it has that dimension");
  }
}

void SetSpace(TableHead& head, const Output& output) {
  for (std::size_t i = 0; i < head.columns.size(); ++i) {
    if (head.columns[i].name == "space" && IsDimension("space", output))
      head.space = static_cast<int>(i);
  }
}

bool IsOtherContent(std::string_view content) {
  const std::string start = LowerCase(Trim(content.substr(0, 256)));
  return content.find('\0') != std::string_view::npos || start.rfind("<!", 0) == 0 ||
         start.rfind("<html", 0) == 0 || start.rfind("<?xml", 0) == 0;
}

// Looks at every row, to find the types and what does not fit.
class Inspection {
 public:
  explicit Inspection(TableHead& head) : head_(head), types_(head.columns.size()) {}

  void Add(const Cells& cells) {
    ++rows_;
    for (std::size_t i = 0; i < std::min(cells.size(), types_.size()); ++i) types_[i].Add(cells[i]);
    if (types_.size() == 1) head_.only_column.push_back(Utf8(cells[0]));
    for (std::size_t i = types_.size(); i < cells.size() && !overlong_; ++i) {
      if (!cells[i].empty()) overlong_ = rows_;
    }
  }

  void Finish(bool is_whole, const Output& output) {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      TableColumn& column = head_.columns[i];
      if (static_cast<int>(i) == head_.space) continue;
      column.type = types_[i].Get(RoleOf(column.name, output), is_whole);
      column.zone = types_[i].zone();
    }
    if (is_whole) head_.row_count = rows_;
    if (overlong_)
      head_.notes.push_back("has more values in row " + std::to_string(overlong_) +
                            " than columns: those beyond column " + std::to_string(types_.size()) +
                            " are left out");
  }

 private:
  TableHead& head_;
  std::vector<ColumnType> types_;
  GIntBig rows_ = 0;
  GIntBig overlong_ = 0;
};

}  // namespace

std::string Utf8(const std::string& text) {
  if (CPLIsUTF8(text.c_str(), -1)) return text;
  char* const recoded = CPLRecode(text.c_str(), CPL_ENC_ISO8859_1, CPL_ENC_UTF8);
  std::string copy(recoded);
  CPLFree(recoded);
  return copy;
}

std::vector<std::string> CellsOf(std::string_view line, char separator) {
  Lines lines(line, separator);
  return lines.Next().value_or(Cells());
}

Result<TableHead> ReadTableHead(std::string_view content, bool is_whole, const Output& output) {
  if (IsOtherContent(content)) return Fail(ErrorKind::kProtocol, "is not text in CSV");
  TableHead head;
  head.separator = SeparatorOf(content);
  Lines lines(content, head.separator);
  auto first = lines.Next();
  if (first && !is_whole && lines.AtEnd())
    return Fail(ErrorKind::kProtocol,
                "has no end of a line in its first " + std::to_string(content.size()) + " bytes");
  if (lines.LineOfOpenQuote())
    return Fail(ErrorKind::kProtocol, "has a quote in its first line that is not closed");
  if (first && first->size() > kMostColumns)
    return Fail(ErrorKind::kProtocol, "has " + std::to_string(first->size()) +
                                          " columns, more than the " +
                                          std::to_string(kMostColumns) + " that GDAL reads");
  auto next = lines.Next();
  head.has_header = !first || IsHeader(*first, !next, output);
  if (!first) {
    head.notes.emplace_back("is an empty file");
    NameColumns(head, ExpectedNames(output));
  } else {
    NameColumns(head, head.has_header ? *first : NamesWithoutHeader(first->size(), output));
    if (!head.has_header && first->size() > 1) head.notes.emplace_back("has no line with names");
  }
  NoteMissingDimensions(head, output);
  SetSpace(head, output);
  Inspection inspection(head);
  if (first && !head.has_header) inspection.Add(*first);
  for (; next; next = lines.Next()) {
    // The last line may go on where the content was cut.
    if (is_whole || !lines.AtEnd()) inspection.Add(*next);
  }
  inspection.Finish(is_whole, output);
  if (is_whole && lines.LineOfOpenQuote())
    head.notes.push_back("has a quote in line " + std::to_string(lines.LineOfOpenQuote()) +
                         " that is not closed: all lines from there on are one value, and their "
                         "rows are lost");
  if (head.columns.size() == 1 && !is_whole)
    return Fail(ErrorKind::kProtocol, "has lines without a separator");
  return head;
}

}  // namespace s2c
