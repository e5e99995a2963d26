// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "driver/catalogue/catalogue_layer.h"
#include "driver/catalogue/row_writer.h"
#include "driver/catalogue/shown_rows.h"

namespace s2c {

/// A layer of the catalogue, opened for update, whose table has a writer. Each change is made at
/// the service before the call returns.
class WritableLayer final : public CatalogueLayer {
 public:
  WritableLayer(const CatalogueTable& table, const std::shared_ptr<Session>& session, Clock& clock,
                Random& random);

  OGRFeature* GetNextFeature() override;
  OGRFeature* GetFeature(GIntBig fid) override;
  OGRErr DeleteFeature(GIntBig fid) override;

  /// Rows that were created, changed or deleted.
  std::size_t change_count() const { return change_count_; }
  /// The ids of those that were created since this was called last.
  std::vector<std::int64_t> TakeCreated() { return std::exchange(created_, {}); }
  /// Whether S2C:ID opens what a row stands for.
  bool opens() const { return table().writer->opens; }

 protected:
  /// Sets the feature's FID.
  OGRErr ICreateFeature(OGRFeature* feature) override;
  /// Changes the fields that are set and neither what they were when the row was given to the
  /// program, nor what they are at the service; all or nothing where one of them cannot be changed.
  OGRErr ISetFeature(OGRFeature* feature) override;
  bool Can(const char* capability) const override;

 private:
  OGRFeature* Shown(OGRFeature* row);
  Result<std::shared_ptr<Session>> BeginChange();
  void EndChange(const Session& session, bool is_done);
  Status Create(OGRFeature& feature);
  Status Change(const OGRFeature& feature);
  Status Remove(std::int64_t id);
  Result<std::vector<std::string>> ChangedFields(std::int64_t id, const RowPrint& wanted);
  std::vector<bool> TouchedBy(std::int64_t id, const RowPrint& wanted) const;
  std::string NameOfPlace(std::size_t place) const;
  bool IsChangeable(std::size_t place) const;
  Error Unchangeable(std::int64_t id, const std::string& what) const;
  Error NoSuchRow(std::int64_t id) const;

  Random& random_;
  ShownRows shown_;
  /// Rows as they were given to ICreateFeature(): the service writes them in its own way.
  ShownRows ordered_;
  std::uint64_t changes_;  ///< that the session knew of after the last one made here
  std::vector<std::int64_t> created_;
  std::size_t change_count_ = 0;
};

}  // namespace s2c
