// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_port.h>

#include <string>
#include <string_view>
#include <vector>

#include "client/api/resources.h"
#include "driver/tables/table_cells.h"

namespace s2c {

struct TableColumn {
  std::string name;
  OGRFieldType type = OFTString;
  int zone = 0;  ///< of a column of times, as OGRField's TZFlag says it
};

/// What the first bytes of a CSV file, or all of them, tell about the table.
struct TableHead {
  std::vector<TableColumn> columns;
  bool has_header = false;
  /// The place of the column `space`, whose values name features of the area of interest; or -1.
  int space = -1;
  /// Rows of the whole file; -1 where only its first bytes were looked at.
  GIntBig row_count = -1;
  /// The values of a table of one column, which GDAL's CSV driver does not take for one.
  std::vector<std::string> only_column;
  char separator = ',';
  /// Oddities that the user should know of, a sentence each.
  std::vector<std::string> notes;
};

/// The text of a cell; what is not UTF-8 is taken for what a spreadsheet saves in western Europe.
std::string Utf8(const std::string& text);

/// The cells of one line without its end.
std::vector<std::string> CellsOf(std::string_view line, char separator);

/// `content` is the file, or its beginning where not `is_whole`. kProtocol for what is no table.
Result<TableHead> ReadTableHead(std::string_view content, bool is_whole, const Output& output);

}  // namespace s2c
