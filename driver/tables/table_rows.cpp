// SPDX-License-Identifier: MIT
#include "driver/tables/table_rows.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "client/base/result.h"
#include "driver/read_watch.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// Whether an error was raised since this was made.
class ErrorWatch {
 public:
  bool Failed() const {
    return CPLGetErrorCounter() != before_ && CPLGetLastErrorType() == CE_Failure;
  }

 private:
  const GUInt32 before_ = CPLGetErrorCounter();
};

// The file's last line, as far as it lies within the last bytes; without those at its end that are
// no line.
std::optional<std::string> LastLine(const std::string& path) {
  constexpr vsi_l_offset kMost = 65536;
  const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> file(VSIFOpenL(path.c_str(), "rb"),
                                                           VSIFCloseL);
  if (!file || VSIFSeekL(file.get(), 0, SEEK_END) != 0) return std::nullopt;
  const vsi_l_offset size = VSIFTellL(file.get());
  std::string end(static_cast<std::size_t>(std::min(size, kMost)), '\0');
  VSIFSeekL(file.get(), size - end.size(), SEEK_SET);
  if (VSIFReadL(end.data(), 1, end.size(), file.get()) != end.size()) return std::nullopt;
  end.erase(end.find_last_not_of("\r\n") + 1);
  const std::size_t before = end.find_last_of("\r\n");
  if (before == std::string::npos) return std::nullopt;
  return end.substr(before + 1);
}

// GDAL guesses the separator, too, but not in the same way in all versions.
CPLStringList OpenOptions(char separator) {
  CPLStringList options;
  options.SetNameValue("HEADERS", "NO");
  options.SetNameValue("AUTODETECT_TYPE", "NO");
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("CSV");
  const char* const known = driver ? driver->GetMetadataItem(GDAL_DMD_OPENOPTIONLIST) : nullptr;
  if (known && (std::strstr(known, "'SEPARATOR'") || std::strstr(known, "\"SEPARATOR\"")))
    options.SetNameValue("SEPARATOR",
                         separator == ';' ? "SEMICOLON" : (separator == '\t' ? "TAB" : "COMMA"));
  return options;
}

}  // namespace

TableRows::TableRows(const Mount& mount, std::size_t index, const TableHead& head)
    : mount_(mount),
      index_(index),
      head_(head),
      is_in_head_(head.columns.size() == 1 || head.row_count == 0) {}

// GDAL's CSV driver takes a read that failed for the end of the file.
bool TableRows::Read(const std::function<void()>& read) {
  const ReadOutcome outcome = WatchReads(mount_, [&] {
    const ErrorWatch errors;
    read();
    return !errors.Failed();
  });
  return outcome == ReadOutcome::kGood;
}

bool TableRows::Open() {
  if (layer_) return true;
  const char* const drivers[] = {"CSV", nullptr};
  const std::string path = mount_.OutputPath(index_);
  // With this prefix the driver takes a file of any name.
  const bool is_read = Read([&] {
    file_.reset(GDALDataset::Open(("CSV:" + path).c_str(), GDAL_OF_VECTOR | GDAL_OF_INTERNAL,
                                  drivers, OpenOptions(head_.separator).List(), nullptr));
    layer_ = file_ ? file_->GetLayer(0) : nullptr;
  });
  const int count = layer_ ? layer_->GetLayerDefn()->GetFieldCount() : 0;
  if (count == static_cast<int>(head_.columns.size()) && is_read) return true;
  if (is_read)
    Report(Error{ErrorKind::kProtocol,
                 "the lines of '" + path.substr(path.rfind('/') + 1) +
                     "' are not the CSV that GDAL reads; copy the file to look at it",
                 0});
  layer_ = nullptr;
  file_.reset();
  return false;
}

bool TableRows::EndsWith(const TableRow& row) const {
  const auto line = LastLine(mount_.OutputPath(index_));
  if (!line) return true;
  const auto cells = CellsOf(*line, head_.separator);
  if (row.cells.empty() || cells.size() < row.cells.size()) return false;
  return std::equal(row.cells.begin(), row.cells.end(), cells.begin(),
                    [](const std::string& a, const std::string& b) { return a == Utf8(b); });
}

void TableRows::Rewind() {
  next_in_head_ = 1;
  if (failed_) {
    // It may take the place of the failure for the end for ever.
    layer_ = nullptr;
    file_.reset();
    failed_ = false;
  }
  if (layer_) layer_->ResetReading();
}

template <class Fetch>
std::unique_ptr<OGRFeature> TableRows::Guard(Fetch fetch) {
  if (failed_) return nullptr;
  std::unique_ptr<OGRFeature> feature;
  failed_ = !Open() || !Read([&] { feature.reset(fetch()); });
  return failed_ ? nullptr : std::move(feature);
}

bool TableRows::Fill(TableRow& row, const OGRFeature* feature) const {
  if (!feature) return false;
  row.number = feature->GetFID() - header_lines();
  row.cells.clear();
  for (int i = 0; i < feature->GetFieldCount() && feature->IsFieldSet(i); ++i)
    row.cells.push_back(Utf8(feature->GetFieldAsString(i)));
  return true;
}

bool TableRows::FromHead(GIntBig number, TableRow& row) const {
  if (number < 1 || static_cast<std::size_t>(number) > head_.only_column.size()) return false;
  row.number = number;
  row.cells = {head_.only_column[static_cast<std::size_t>(number - 1)]};
  return true;
}

bool TableRows::Next(TableRow& row) {
  if (is_in_head_) return FromHead(next_in_head_++, row);
  do {
    if (!Fill(row, Guard([&] { return layer_->GetNextFeature(); }).get())) return false;
  } while (row.number < 1);
  return true;
}

bool TableRows::Get(GIntBig number, TableRow& row) {
  if (is_in_head_) return FromHead(number, row);
  // Not beyond what a row of the driver's can have.
  if (number < 1 || number >= INT32_MAX) return false;
  return Fill(row, Guard([&] { return layer_->GetFeature(number + header_lines()); }).get());
}

GIntBig TableRows::Count() {
  if (head_.row_count >= 0) return head_.row_count;
  Rewind();
  if (!Open()) return -1;
  GIntBig count = 0;
  const bool failed = failed_ = !Read([&] { count = layer_->GetFeatureCount(TRUE); });
  Rewind();
  return failed || count < header_lines() ? -1 : count - header_lines();
}

}  // namespace s2c
