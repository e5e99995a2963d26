// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "driver/tables/table_head.h"
#include "vsi/gdal_compat.h"
#include "vsi/paths.h"

namespace s2c {

/// One row of a table as texts; `number` counts from 1.
struct TableRow {
  GIntBig number = 0;
  std::vector<std::string> cells;  ///< fewer than columns where the line ends early
};

/// The rows of a table in the order of its file, read by GDAL's CSV driver; those of a single
/// column, which that driver refuses, come from the head.
class TableRows {
 public:
  /// Of the output at `index` of the mounted inference. The references must outlive this.
  TableRows(const Mount& mount, std::size_t index, const TableHead& head);

  /// The next row; false at the end, and after a failure, which was reported. A row of which
  /// bytes did not come is no row.
  bool Next(TableRow& row);
  bool Get(GIntBig number, TableRow& row);
  /// Whether the last reading ended with a failure; till Rewind().
  bool Failed() const { return failed_; }
  /// Whether the file ends with that row, the last one that Next() gave. GDAL 3.10 leaves a line
  /// whose quote is not closed out, with all that follow, and tells nobody (issue 12). True where
  /// the end of the file cannot be read, too.
  bool EndsWith(const TableRow& row) const;
  void Rewind();
  /// -1 after a failure, which was reported.
  GIntBig Count();

 private:
  bool Open();
  bool Read(const std::function<void()>& read);
  template <class Fetch>
  std::unique_ptr<OGRFeature> Guard(Fetch fetch);
  bool Fill(TableRow& row, const OGRFeature* feature) const;
  bool FromHead(GIntBig number, TableRow& row) const;
  GIntBig header_lines() const { return head_.has_header ? 1 : 0; }

  const Mount& mount_;
  const std::size_t index_;
  const TableHead& head_;
  const bool is_in_head_;
  std::unique_ptr<GDALDataset> file_;
  OGRLayer* layer_ = nullptr;
  GIntBig next_in_head_ = 1;
  bool failed_ = false;
};

}  // namespace s2c
