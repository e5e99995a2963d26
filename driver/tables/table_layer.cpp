// SPDX-License-Identifier: MIT
#include "driver/tables/table_layer.h"

#include <cpl_vsi.h>

#include <algorithm>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/needed_driver.h"
#include "driver/read_watch.h"
#include "driver/result_metadata.h"
#include "driver/wgs84.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// A file that comes whole with the first request (client/io) is looked at whole, of a larger one
// what comes with that request.
constexpr vsi_l_offset kMostWhole = 1 << 20;
constexpr vsi_l_offset kBeginning = 128 << 10;

struct Beginning {
  std::string content;
  bool is_whole = false;
};

// Nothing after an error, which was reported if the file could not be opened.
std::optional<Beginning> ReadBeginning(const std::string& path) {
  VSIErrorReset();
  VSILFILE* const file = VSIFOpenExL(path.c_str(), "rb", TRUE);
  if (!file) {
    CPLError(CE_Failure, CPLE_AppDefined, "%s", VSIGetLastErrorMsg());
    return std::nullopt;
  }
  Beginning beginning;
  VSIFSeekL(file, 0, SEEK_END);
  const vsi_l_offset size = VSIFTellL(file);
  VSIFSeekL(file, 0, SEEK_SET);
  beginning.is_whole = size <= kMostWhole;
  beginning.content.resize(static_cast<std::size_t>(beginning.is_whole ? size : kBeginning));
  const std::size_t read = VSIFReadL(beginning.content.data(), 1, beginning.content.size(), file);
  VSIFCloseL(file);
  if (read != beginning.content.size()) return std::nullopt;
  return beginning;
}

bool HasLines(const TableRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(),
                     [](const std::string& cell) { return cell.find('\n') != std::string::npos; });
}

}  // namespace

TableLayer::TableLayer(std::shared_ptr<InferenceData> data, std::size_t index,
                       const std::string& name)
    : InferenceLayer(std::move(data), name, wkbNone), index_(index) {
  CPLStringList items(OutputMetadata(this->data().resolved(), output()));
  // Of outputs with one name, too, each needs its own: a GeoPackage takes no two alike.
  items.SetNameValue("IDENTIFIER", name.c_str());
  OGRLayer::SetMetadata(items.List());
}

bool TableLayer::Define() {
  if (!NeededDriver("CSV", data().NameOf(output())) || !ReadHead()) return false;
  for (const TableColumn& column : head_.columns) {
    OGRFieldDefn field(column.name.c_str(), column.type);
    if (column.type == OFTDateTime) SetTimeZone(field, column.zone);
    definition()->AddFieldDefn(&field);
  }
  warned_.resize(head_.columns.size() + 3);
  count_ = head_.row_count;
  if (head_.space >= 0 && !DefineGeometry()) return false;
  for (const std::string& note : head_.notes) Warn(note);
  rows_ = std::make_unique<TableRows>(data().mount(), index_, head_);
  return true;
}

bool TableLayer::ReadHead() {
  const Mount& mount = data().mount();
  std::optional<Beginning> beginning;
  WatchReads(mount, [&] {
    beginning = ReadBeginning(mount.OutputPath(index_));
    return beginning.has_value();
  });
  if (!beginning) return false;
  Result<TableHead> head = TableHead();
  // What later versions of GDAL say of a quote that is not closed is among the notes.
  KeepMessages([&] { head = ReadTableHead(beginning->content, beginning->is_whole, output()); });
  if (!head) {
    // The bytes that came may have been a broken proxy's: the next open asks again.
    mount.ForgetOutput(index_);
    Report(Error{head.error().kind,
                 data().NameOf(output()) + " is no table: it " + head.error().message +
                     "; copy it from " + kVsiPrefix +
                     std::to_string(data().resolved().inference.id) + "/ to look at it",
                 0});
    return false;
  }
  head_ = std::move(*head);
  return true;
}

bool TableLayer::DefineGeometry() {
  area_ = data().Area();
  if (!area_) return false;
  if (area_->features().empty()) {
    Warn("has no geometries, because its inference has no area of interest");
    area_ = nullptr;
    return true;
  }
  definition()->SetGeomType(area_->definition()->GetGeomType());
  // There is no field for one where the features of the area have no geometry.
  if (definition()->GetGeomFieldCount() == 0) {
    area_ = nullptr;
    return true;
  }
  SetWgs84(*definition());
  return true;
}

void TableLayer::Warn(const std::string& what) const {
  LogWarning(data().NameOf(output()) + " " + what);
}

void TableLayer::WarnOnce(std::size_t topic, const std::string& what) {
  if (warned_[topic]) return;
  warned_[topic] = true;
  Warn(what);
}

void TableLayer::SetGeometry(OGRFeature& feature, const TableRow& row) {
  const std::string& name = row.cells[static_cast<std::size_t>(head_.space)];
  const OGRFeature* const place = area_->Named(name);
  if (!place) {
    if (!name.empty())
      WarnOnce(head_.columns.size() + 1,
               "has no geometry for '" + OneLine(name, 80) +
                   "', since not exactly one feature of the area of interest has that name");
    return;
  }
  const OGRGeometry* const geometry = place->GetGeometryRef();
  if (!geometry) return;
  feature.SetGeometry(geometry);
  AssignReference(*feature.GetGeometryRef(), *definition());
}

std::unique_ptr<OGRFeature> TableLayer::MakeFeature(const TableRow& row) {
  auto feature = std::make_unique<OGRFeature>(definition());
  feature->SetFID(row.number);
  const std::size_t count = head_.columns.size();
  for (std::size_t i = 0; i < count; ++i) {
    const int field = static_cast<int>(i);
    // The attribute filter may compare a column that the caller leaves out.
    if (definition()->GetFieldDefn(field)->IsIgnored() && !m_poAttrQuery) continue;
    feature->SetFieldNull(field);
    if (i >= row.cells.size()) continue;
    if (field == head_.space) {
      // Not NaN's rule: somebody may have given that name.
      if (!row.cells[i].empty()) feature->SetField(field, row.cells[i].c_str());
    } else if (!SetCell(*feature, field, row.cells[i])) {
      WarnOnce(i, "has '" + OneLine(row.cells[i], 80) + "' in row " + std::to_string(row.number) +
                      " of column '" + OneLine(head_.columns[i].name, 80) + "', which is no " +
                      OGRFieldDefn::GetFieldTypeName(head_.columns[i].type) +
                      " as the rows before; such values are null");
    }
  }
  if (row.cells.size() < count)
    WarnOnce(count, "has fewer values in row " + std::to_string(row.number) +
                        " than columns; what is missing is null");
  const bool has_place = area_ && static_cast<std::size_t>(head_.space) < row.cells.size();
  if (has_place && (!definition()->IsGeometryIgnored() || IsFiltered())) SetGeometry(*feature, row);
  return feature;
}

void TableLayer::ResetReading() {
  is_beyond_ = false;
  last_ = TableRow();
  if (rows_) rows_->Rewind();
}

std::unique_ptr<OGRFeature> TableLayer::NextFeature() {
  at_end_ = is_beyond_;
  if (is_beyond_) return nullptr;
  TableRow row;
  while (rows_->Next(row)) {
    auto feature = MakeFeature(row);
    last_ = std::move(row);
    if (m_poFilterGeom && !FilterGeometry(feature->GetGeometryRef())) continue;
    if (m_poAttrQuery && !m_poAttrQuery->Evaluate(feature.get())) continue;
    return feature;
  }
  at_end_ = !rows_->Failed();
  // The whole of a smaller table was looked at.
  if (at_end_ && last_ && head_.row_count < 0) LookAtEnd(*last_);
  return nullptr;
}

// What a quote that is not closed takes with it, the driver gives as one value or, from some
// version on and until 3.12, not at all.
void TableLayer::LookAtEnd(const TableRow& last) {
  const std::size_t topic = head_.columns.size() + 2;
  const std::string ends = "ends with row " + std::to_string(last.number) + ", ";
  if (HasLines(last))
    WarnOnce(topic, ends +
                        "one of whose values is several lines: if a quote in it is not closed, "
                        "these are rows that are lost");
  else if (!rows_->EndsWith(last))
    WarnOnce(topic, ends +
                        "though its file goes on: a quote in the next line is not closed, and the "
                        "rows from there on are lost");
}

std::unique_ptr<OGRFeature> TableLayer::Feature(GIntBig fid) {
  // The driver goes on from there.
  last_.reset();
  TableRow row;
  return rows_->Get(fid, row) ? MakeFeature(row) : nullptr;
}

OGRErr TableLayer::SetNextByIndex(GIntBig index) {
  ResetReading();
  is_beyond_ = index < 0 || (!IsFiltered() && IsLoaded() && count_ >= 0 && index >= count_);
  if (is_beyond_) return NoSuchIndex(index);
  const OGRErr error = SkipTo(index);
  return error == OGRERR_NONE || at_end_ ? error : OGRERR_FAILURE;
}

GIntBig TableLayer::GetFeatureCount(int force) {
  if (!IsLoaded()) return -1;
  if (IsFiltered()) {
    at_end_ = false;
    const GIntBig counted = OGRLayer::GetFeatureCount(force);
    return at_end_ ? counted : -1;
  }
  if (count_ < 0 && force) count_ = Guarded([&] { return rows_->Count(); }, GIntBig{-1});
  return count_;
}

// That of all places: which of them have rows is not known without reading all.
OGRErr TableLayer::Extent(int field, OGREnvelope* extent, bool force) {
  if (field != 0 || !IsLoaded() || !area_ || !area_->extent().IsInit() || count_ == 0)
    return DatasetLayer::Extent(field, extent, force);
  *extent = area_->extent();
  return OGRERR_NONE;
}

bool TableLayer::Can(const char* capability) const {
  if (EQUAL(capability, OLCFastFeatureCount)) return !IsFiltered() && count_ >= 0;
  if (EQUAL(capability, OLCFastGetExtent)) return area_ != nullptr;
  return EQUAL(capability, OLCIgnoreFields) || EQUAL(capability, OLCStringsAsUTF8);
}

}  // namespace s2c
