// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_layer.h"

#include <ogr_swq.h>

#include <algorithm>
#include <chrono>

#include "client/base/log.h"
#include "client/base/per_process.h"
#include "client/base/text.h"
#include "driver/catalogue/area_polygons.h"
#include "driver/catalogue/boolean_words.h"
#include "driver/catalogue/catalogue_geometry.h"
#include "driver/wgs84.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// A join asks for the other table's rows one by one, and for the same ones again and again.
constexpr std::size_t kMostReadings = 64;
constexpr std::size_t kMostKeptAside = std::size_t{16} << 20;
constexpr std::size_t kMostWarnings = 100;

const JsonValue& AttributesOf(const JsonValue& resource) {
  static const auto* const none = new JsonValue;
  const JsonValue* const attributes = Find(resource, "attributes");
  return attributes ? *attributes : *none;
}

FieldMap ServerFields(const CatalogueTable& table) {
  FieldMap map;
  for (const CatalogueField& field : table.fields) map.fields.push_back({field.name, field.kind});
  map.geometry_fields = table.geometry_attribute ? 1 : 0;
  return map;
}

void AddOnce(const std::string& name, std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

CatalogueLayer::CatalogueLayer(const CatalogueTable& table, std::shared_ptr<Session> session,
                               Clock& clock)
    : DatasetLayer(table.name, table.geometry_attribute ? wkbMultiPolygon : wkbNone, "id"),
      table_(table),
      session_(std::move(session)),
      clock_(clock) {
  for (const CatalogueField& field : table.fields) {
    OGRFieldDefn definition_of_field(field.name, field.type);
    definition_of_field.SetSubType(field.subtype);
    definition()->AddFieldDefn(&definition_of_field);
  }
  if (table.geometry_attribute) SetWgs84(*definition());
}

CatalogueLayer::~CatalogueLayer() {
  if (session_->IsOfThisProcess()) return;
  LeaveToParent(std::move(readings_));
  LeaveToParent(std::move(session_));
}

OGRErr CatalogueLayer::SetAttributeFilter(const char* where) {
  if (!where) return OGRLayer::SetAttributeFilter(nullptr);
  return OGRLayer::SetAttributeFilter(WithoutBooleanWords(where, BooleanFields()).c_str());
}

void CatalogueLayer::ResetReading() {
  is_beyond_ = false;
  reading_ = false;
  page_.reset();
  place_ = 0;
}

OGRFeature* CatalogueLayer::GetNextFeature() {
  return Guarded([&] { return NextFeature(); }, nullptr).release();
}

std::unique_ptr<OGRFeature> CatalogueLayer::NextFeature() {
  if (is_beyond_ || (!reading_ && !Begin())) return nullptr;
  auto feature = found_ ? readings_.front().found.At(place_++) : FindNext();
  if (feature) ++m_nFeaturesRead;
  return feature;
}

std::unique_ptr<OGRFeature> CatalogueLayer::FindNext() {
  while (const Row* const row = NextRow()) {
    auto feature = MakeFeature(*row, demand_, true);
    if (!feature) continue;
    if (IsFilteredHere()) readings_.front().found.Add(*feature);
    return feature;
  }
  if (!failed_) readings_.front().found.End();
  return nullptr;
}

std::unique_ptr<OGRFeature> CatalogueLayer::MakeFeature(const Row& row, const Demand& demand,
                                                        bool filtered) {
  auto feature = std::make_unique<OGRFeature>(definition());
  feature->SetFID(row.id);
  const JsonValue& attributes = AttributesOf(*row.resource);
  PlaceReader place(table_.geometry_attribute ? Find(attributes, table_.geometry_attribute)
                                              : nullptr);
  const CatalogueRow values{row.id, *row.resource, attributes, place, clock_.EpochSeconds()};
  for (std::size_t i = 0; i < table_.fields.size(); ++i) {
    const CatalogueField& field = table_.fields[i];
    if (!demand.fields[i]) continue;
    if (!field.read(values, field.name, *feature, static_cast<int>(i))) WarnOf(row.id, field.name);
  }
  const bool has_query = filtered && m_poAttrQuery;
  const bool place_first = has_query && AttributeFilterEvaluationNeedsGeometry();
  if (has_query && !place_first && !m_poAttrQuery->Evaluate(feature.get())) return nullptr;
  if (demand.place) SetPlace(values, *feature);
  if (filtered && m_poFilterGeom && !FilterGeometry(feature->GetGeometryRef())) return nullptr;
  if (place_first && !m_poAttrQuery->Evaluate(feature.get())) return nullptr;
  if (table_.present) table_.present(values, *feature);
  return feature;
}

void CatalogueLayer::SetPlace(const CatalogueRow& row, OGRFeature& feature) {
  const OGRGeometry* const place = row.place.Get();
  std::unique_ptr<OGRGeometry> geometry;
  if (place && table_.shows_pixels) {
    geometry = PolygonsOf(*place);
  } else if (place && place->getGeometryType() == wkbMultiPolygon) {
    geometry.reset(place->clone());
  }
  if (!row.place.whole() || (place && !geometry)) WarnOf(row.id, table_.geometry_attribute);
  if (!geometry) return;
  AssignReference(*geometry, *definition());
  feature.SetGeometryDirectly(geometry.release());
}

void CatalogueLayer::WarnOf(std::int64_t id, const char* name) {
  if (++warnings_ > kMostWarnings) return;
  LogWarning(std::string(table_.name) + " " + std::to_string(id) + ": '" + name +
             "' cannot be read, or not all of it, and is left out");
  if (warnings_ == kMostWarnings)
    LogWarning(std::string("no more is said of what cannot be read in layer ") + table_.name);
}

const Row* CatalogueLayer::NextRow() {
  if (failed_) return nullptr;
  if (!page_ || place_ == page_->rows.size()) {
    if (const Status there = NextPage(); !there) Fail(there.error());
    if (!page_) return nullptr;
    for (const Row& row : page_->rows) session_->See(*row.resource);
  }
  const Row* const row = &page_->rows[place_++];
  // Who stops before that, as with a LIMIT, wants no further page.
  if (place_ * 2 > page_->rows.size() && session_->IsOfThisProcess())
    readings_.front().reader.Prefetch();
  return row;
}

Status CatalogueLayer::NextPage() {
  if (const Status here = CheckProcess(); !here) return here;
  Reading& reading = readings_.front();
  const bool is_new = !reading.read && !reading.reader.next_is_kept();
  auto page = reading.reader.Next();
  if (!page) return Pass(page);
  // A long list is as old as its end: it was wanted whole.
  if (is_new) reading.asked = clock_.Now();
  page_ = *page;
  place_ = 0;
  reading.read = reading.read || !page_;
  return {};
}

bool CatalogueLayer::Begin() {
  if (const Status found = FindReading(); !found) {
    Fail(found.error());
    return false;
  }
  Reading& reading = readings_.front();
  reading.reader.Rewind();
  reading_ = true;
  failed_ = false;
  page_.reset();
  place_ = 0;
  const std::string key = IsFilteredHere() ? FoundKey() : "";
  found_ = !key.empty() && reading.found.Hold(key);
  if (!found_) reading.found.Begin(key);
  return true;
}

// What a reading has ended with is told once, and lasts until the next one begins.
void CatalogueLayer::Fail(const Error& error) {
  failed_ = true;
  page_.reset();
  Report(error);
}

// Makes the first of readings_ that of the fields and filters that are set.
Status CatalogueLayer::FindReading() {
  if (!session_->IsOfThisProcess()) {
    auto own = Session::For(session_->settings());
    if (!own) return Pass(own);
    LeaveToParent(std::move(readings_));
    readings_.clear();
    LeaveToParent(std::exchange(session_, std::move(*own)));
  }
  demand_ = DemandOf(true);
  const std::string filter = m_poAttrQuery ? Filter().json : "";
  const Clock::TimePoint now = clock_.Now();
  const std::uint64_t changes = session_->changes();
  readings_.remove_if([&](const Reading& reading) {
    return now - reading.asked > RecentInferences::kRecent || reading.changes != changes;
  });
  const auto& attributes = demand_.attributes;
  const auto found = std::find_if(readings_.begin(), readings_.end(), [&](const Reading& reading) {
    return reading.filter == filter && reading.Has(attributes);
  });
  if (found != readings_.end()) {
    readings_.splice(readings_.begin(), readings_, found);
  } else {
    readings_.push_front(
        {attributes, filter, changes, now, session_->List({table_.name, attributes, filter})});
  }
  // Those that were not wanted for long go first.
  std::size_t aside = 0, count = 0;
  readings_.remove_if([&](const Reading& reading) {
    if (++count == 1) return false;
    aside += reading.reader.kept_size();
    return count > kMostReadings || aside > kMostKeptAside;
  });
  return {};
}

// Of attributes that were not wanted, no more are read for one who does not want them.
bool CatalogueLayer::Reading::Has(const std::vector<std::string>& wanted) const {
  if (wanted == attributes) return true;
  return reader.whole() && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
           return std::find(attributes.begin(), attributes.end(), name) != attributes.end();
         });
}

// A reading cannot be carried on with the connection of a parent.
Status CatalogueLayer::CheckProcess() {
  if (session_->IsOfThisProcess()) return {};
  return s2c::Fail(ErrorKind::kInterrupted,
                   std::string("the reading of layer ") + table_.name +
                       " was begun in another process; begin it anew with ResetReading()");
}

CatalogueLayer::Demand CatalogueLayer::DemandOf(bool filtered) const {
  OGRFeatureDefn& definition_of_fields = *definition();
  CPLStringList used(filtered && m_poAttrQuery ? m_poAttrQuery->GetUsedFields() : nullptr);
  std::vector<bool> fields;
  for (std::size_t i = 0; i < table_.fields.size(); ++i)
    fields.push_back(!definition_of_fields.GetFieldDefn(static_cast<int>(i))->IsIgnored() ||
                     used.FindString(table_.fields[i].name) >= 0);
  auto* const self = const_cast<CatalogueLayer*>(this);
  const bool place =
      !definition_of_fields.IsGeometryIgnored() ||
      (filtered && (m_poFilterGeom || self->AttributeFilterEvaluationNeedsGeometry()));
  return DemandOf(std::move(fields), place);
}

CatalogueLayer::Demand CatalogueLayer::DemandOf(std::vector<bool> fields, bool place) const {
  Demand demand;
  for (std::size_t i = 0; i < table_.fields.size(); ++i) {
    const CatalogueField& field = table_.fields[i];
    if (!fields[i]) continue;
    if (field.attributes.empty()) AddOnce(field.name, demand.attributes);
    for (const std::string& attribute : field.attributes) AddOnce(attribute, demand.attributes);
  }
  demand.fields = std::move(fields);
  demand.place = table_.geometry_attribute && place;
  if (demand.place) AddOnce(table_.geometry_attribute, demand.attributes);
  // All attributes would come, where none is named.
  if (demand.attributes.empty()) demand.attributes.push_back("owner");
  return demand;
}

const ServerFilter& CatalogueLayer::Filter() const {
  if (m_pszAttrQueryString && filter_text_ != m_pszAttrQueryString) {
    const auto* const where = static_cast<const swq_expr_node*>(m_poAttrQuery->GetSWQExpr());
    filter_ = where ? TranslateFilter(*where, ServerFields(table_)) : ServerFilter{};
    filter_text_ = m_pszAttrQueryString;
  }
  return filter_;
}

ListQuery CatalogueLayer::QueryOfFilter() const {
  return {table_.name, DemandOf(true).attributes, m_poAttrQuery ? Filter().json : ""};
}

bool CatalogueLayer::LetsThrough(const Row& row) {
  return MakeFeature(row, DemandOf(true), true) != nullptr;
}

bool CatalogueLayer::IsFilteredHere() const {
  return m_poFilterGeom || (m_poAttrQuery && !Filter().complete);
}

// What the filters that are done here, and the fields that are wanted, make of a reading.
std::string CatalogueLayer::FoundKey() const {
  std::string key = m_poAttrQuery ? m_pszAttrQueryString : "";
  key += '\n';
  for (const bool wanted : demand_.fields) key += wanted ? '1' : '0';
  if (!m_poFilterGeom) return key;
  std::vector<unsigned char> place(m_poFilterGeom->WkbSize());
  m_poFilterGeom->exportToWkb(wkbNDR, place.data());
  return key.append(place.begin(), place.end());
}

// The server's count of what is set; nothing where it has not done the filter, or does not count.
std::optional<std::uint64_t> CatalogueLayer::ServerCount() {
  const bool is_old = reading_ && readings_.front().changes != session_->changes();
  if (!reading_ || failed_ || is_old) {
    ResetReading();
    if (const Status found = FindReading(); !found) {
      Fail(found.error());
      return std::nullopt;
    }
    failed_ = false;
    PageReader& fresh = readings_.front().reader;
    if (!fresh.begun()) fresh.Rewind();
    const auto page = fresh.begun() ? Result<PagePtr>() : fresh.Next();
    if (!page) Fail(page.error());
  }
  const PageReader& reader = readings_.front().reader;
  if (failed_ || (m_poAttrQuery && !reader.filtered())) return std::nullopt;
  return reader.count();
}

GIntBig CatalogueLayer::GetFeatureCount(int force) {
  return Guarded(
      [&]() -> GIntBig {
        if (!IsFilteredHere()) {
          const auto count = ServerCount();
          if (count) return static_cast<GIntBig>(*count);
          if (failed_) return -1;
        }
        if (!force) return -1;
        const GIntBig counted = OGRLayer::GetFeatureCount(TRUE);
        return failed_ ? -1 : counted;
      },
      GIntBig{-1});
}

OGRErr CatalogueLayer::Extent(int field, OGREnvelope* extent, bool force) {
  failed_ = false;
  const OGRErr error = DatasetLayer::Extent(field, extent, force);
  return failed_ ? OGRERR_FAILURE : error;
}

OGRErr CatalogueLayer::SetNextByIndex(GIntBig index) {
  const auto seek = [&]() -> OGRErr {
    if (index < 0) {
      ResetReading();
      is_beyond_ = true;
      return NoSuchIndex(index);
    }
    const bool here = IsFilteredHere();
    const bool counted = !here && ServerCount().has_value();
    if (!here && failed_) return OGRERR_FAILURE;
    if (!counted) {
      failed_ = false;
      const OGRErr error = SkipTo(index);
      return failed_ ? OGRERR_FAILURE : error;
    }
    if (!Begin()) return OGRERR_FAILURE;
    PageReader& reader = readings_.front().reader;
    const auto place = reader.Seek(static_cast<std::uint64_t>(index));
    const auto page = place && *place ? reader.Next() : Result<PagePtr>();
    if (!place || !page) {
      Fail(place ? page.error() : place.error());
      return OGRERR_FAILURE;
    }
    page_ = *page;
    place_ = place->value_or(0);
    return page_ ? OGRERR_NONE : NoSuchIndex(index);
  };
  return Guarded(seek, OGRERR_FAILURE);
}

OGRFeature* CatalogueLayer::GetFeature(GIntBig fid) {
  const auto fetch = [&]() -> std::unique_ptr<OGRFeature> {
    auto row = FetchRow(fid, DemandOf(false));
    if (row) return std::move(*row);
    Report(row.error());
    return nullptr;
  };
  return Guarded(fetch, nullptr).release();
}

Result<std::shared_ptr<Session>> CatalogueLayer::OwnSession() const {
  return session_->IsOfThisProcess() ? session_ : Session::For(session_->settings());
}

Result<std::unique_ptr<OGRFeature>> CatalogueLayer::FetchRow(std::int64_t id,
                                                             const std::vector<bool>& wanted) {
  return FetchRow(id, DemandOf({wanted.begin(), wanted.end() - 1}, wanted.back()));
}

Result<std::unique_ptr<OGRFeature>> CatalogueLayer::FetchRow(std::int64_t id,
                                                             const Demand& demand) {
  if (id < 0) return nullptr;
  const auto session = OwnSession();
  if (!session) return Pass(session);
  const auto document = (*session)->GetResource(table_.name, id, demand.attributes);
  if (!document) return Pass(document);
  if (!*document) return nullptr;
  return MakeFeature(Row{id, Find(**document, "data")}, demand, false);
}

std::string CatalogueLayer::WhyReadOnly() const {
  const std::string layer = std::string("layer '") + table_.name + "' cannot be changed: ";
  return layer + (table_.writer ? kOpenForUpdate
                                : "of the catalogue the layers inference and knowledgebase can be");
}

std::string CatalogueLayer::WhyFixed() const {
  return std::string("the name and the fields of layer '") + table_.name +
         "' cannot be changed: they are the service's, so copy the layer to a local file first "
         "(ogr2ogr)";
}

bool CatalogueLayer::Can(const char* capability) const {
  if (EQUAL(capability, OLCFastFeatureCount) || EQUAL(capability, OLCFastSetNextByIndex))
    return !IsFilteredHere();
  return EQUAL(capability, OLCRandomRead) || EQUAL(capability, OLCIgnoreFields) ||
         EQUAL(capability, OLCStringsAsUTF8);
}

}  // namespace s2c
