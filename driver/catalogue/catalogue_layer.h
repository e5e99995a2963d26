// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/session.h"
#include "driver/catalogue/catalogue_fields.h"
#include "driver/catalogue/found_features.h"
#include "driver/catalogue/server_filter.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// The resources of one type, newest first. FID is the API's id. Nothing is asked for before
/// somebody reads, and a second look at the same rows within seconds (ogrinfo takes count, extent
/// and features) asks for nothing again as far as they are few, and as nobody of this process has
/// changed anything.
class CatalogueLayer : public DatasetLayer {
 public:
  CatalogueLayer(const CatalogueTable& table, std::shared_ptr<Session> session, Clock& clock);
  ~CatalogueLayer() override;

  OGRErr SetAttributeFilter(const char* where) override;
  void ResetReading() override;
  OGRFeature* GetNextFeature() override;
  OGRErr SetNextByIndex(GIntBig index) override;
  OGRFeature* GetFeature(GIntBig fid) override;
  GIntBig GetFeatureCount(int force) override;

  /// What the attribute filter that is set asks of the server: the attributes that deciding it on
  /// this side takes, and as much of it as the server can do.
  ListQuery QueryOfFilter() const;
  /// Whether the filters let a row through that came with those attributes.
  bool LetsThrough(const Row& row);

 protected:
  bool Can(const char* capability) const override;
  OGRErr Extent(int field, OGREnvelope* extent, bool force) override;
  std::string WhyReadOnly() const override;
  std::string WhyFixed() const override;

  /// The row of that id as it is now, with just those fields (by their places, the geometry behind
  /// the last); null where there is none.
  Result<std::unique_ptr<OGRFeature>> FetchRow(std::int64_t id, const std::vector<bool>& wanted);
  /// In a forked child, one of its own.
  Result<std::shared_ptr<Session>> OwnSession() const;
  const CatalogueTable& table() const { return table_; }
  Clock& clock() const { return clock_; }

 private:
  /// What of the rows is looked at: what nobody looks at is not asked for.
  struct Demand {
    std::vector<bool> fields;
    bool place = false;
    std::vector<std::string> attributes;
  };
  /// A reader with what it was made for.
  struct Reading {
    std::vector<std::string> attributes;
    std::string filter;
    std::uint64_t changes;   ///< that the session knew of when it began
    Clock::TimePoint asked;  ///< when its latest page came, until its first end
    PageReader reader;
    FoundFeatures found = {};
    bool read = false;  ///< to its end

    /// Whether all that is wanted of its rows comes with it, or is there already.
    bool Has(const std::vector<std::string>& wanted) const;
  };

  std::unique_ptr<OGRFeature> NextFeature();
  std::unique_ptr<OGRFeature> FindNext();
  /// Null where `filtered` and the filters say no.
  std::unique_ptr<OGRFeature> MakeFeature(const Row& row, const Demand& demand, bool filtered);
  void SetPlace(const CatalogueRow& row, OGRFeature& feature);
  void WarnOf(std::int64_t id, const char* name);
  Result<std::unique_ptr<OGRFeature>> FetchRow(std::int64_t id, const Demand& demand);

  const Row* NextRow();
  Status NextPage();
  bool Begin();
  Status FindReading();
  std::optional<std::uint64_t> ServerCount();
  Status CheckProcess();
  void Fail(const Error& error);

  Demand DemandOf(bool filtered) const;
  /// With its attributes.
  Demand DemandOf(std::vector<bool> fields, bool place) const;
  const ServerFilter& Filter() const;
  bool IsFilteredHere() const;
  std::string FoundKey() const;

  const CatalogueTable& table_;
  std::shared_ptr<Session> session_;
  Clock& clock_;

  std::list<Reading> readings_;  ///< latest first
  Demand demand_;                ///< of the first
  bool reading_ = false;         ///< the first is being read
  bool failed_ = false;          ///< the last reading has ended with an error
  bool is_beyond_ = false;       ///< of all rows, until the next reading
  bool found_ = false;           ///< the features are those that were found before
  PagePtr page_;
  std::size_t place_ = 0;  ///< in page_, or among those found before

  mutable ServerFilter filter_;
  mutable std::string filter_text_;
  std::size_t warnings_ = 0;
};

}  // namespace s2c
