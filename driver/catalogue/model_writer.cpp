// SPDX-License-Identifier: MIT
#include "client/jobs/models.h"
#include "driver/catalogue/row_writer.h"

namespace s2c {
namespace {

const std::vector<std::string>& Changeable() {
  static const auto* const fields =
      new std::vector<std::string>{"title", "description", "blockdefs", "favourite"};
  return *fields;
}

ModelChange ModelOf(const RowChange& change) {
  return {change.Text("title"), change.Text("description"), change.Text("blockdefs"),
          change.Truth("favourite")};
}

Result<std::int64_t> CreateRow(const WriterMeans& means, const OGRFeature& row,
                               const std::string&) {
  RowChange given{0, row, {}};
  for (const std::string& field : Changeable()) {
    if (row.IsFieldSetAndNotNull(row.GetFieldIndex(field.c_str()))) given.fields.push_back(field);
  }
  return CreateModel(means.session, ModelOf(given), means.clock);
}

Status ChangeRow(const WriterMeans& means, const RowChange& change) {
  return ChangeModel(means.session, change.id, ModelOf(change), means.clock);
}

Status RemoveRow(const WriterMeans& means, std::int64_t id) {
  return DeleteModel(means.session, id);
}

}  // namespace

const RowWriter& ModelWriter() {
  static const auto* const writer =
      new RowWriter{Changeable(), false, CreateRow, ChangeRow, RemoveRow};
  return *writer;
}

}  // namespace s2c
