// SPDX-License-Identifier: MIT
#include "driver/catalogue/writable_layer.h"

#include <algorithm>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/names.h"
#include "vsi/report.h"

namespace s2c {
namespace {

OGRErr Told(const Status& done) {
  if (done) return OGRERR_NONE;
  Report(done.error());
  return done.error().kind == ErrorKind::kNotFound ? OGRERR_NON_EXISTING_FEATURE : OGRERR_FAILURE;
}

// Programs fill features of definitions of their own.
std::unique_ptr<OGRFeature> InFieldsOf(OGRFeatureDefn& definition, const OGRFeature& feature) {
  auto row = std::make_unique<OGRFeature>(&definition);
  row->SetFrom(&feature, TRUE);
  return row;
}

std::string NameOf(const OGRFeature& feature) {
  const int field = feature.GetFieldIndex("name");
  return field >= 0 ? feature.GetFieldAsString(field) : "";
}

}  // namespace

WritableLayer::WritableLayer(const CatalogueTable& table, const std::shared_ptr<Session>& session,
                             Clock& clock, Random& random)
    : CatalogueLayer(table, session, clock), random_(random), changes_(session->changes()) {}

OGRFeature* WritableLayer::Shown(OGRFeature* row) {
  if (row) shown_.Remember(row->GetFID(), PrintOf(*row));
  return row;
}

OGRFeature* WritableLayer::GetNextFeature() { return Shown(CatalogueLayer::GetNextFeature()); }

OGRFeature* WritableLayer::GetFeature(GIntBig fid) {
  return Shown(CatalogueLayer::GetFeature(fid));
}

OGRErr WritableLayer::ICreateFeature(OGRFeature* feature) {
  return Guarded([&] { return Told(Create(*feature)); }, OGRERR_FAILURE);
}

OGRErr WritableLayer::ISetFeature(OGRFeature* feature) {
  return Guarded([&] { return Told(Change(*feature)); }, OGRERR_FAILURE);
}

OGRErr WritableLayer::DeleteFeature(GIntBig fid) {
  return Guarded([&] { return Told(Remove(fid)); }, OGRERR_FAILURE);
}

// What others have changed since is not what was shown.
Result<std::shared_ptr<Session>> WritableLayer::BeginChange() {
  auto session = OwnSession();
  if (session && (*session)->changes() != changes_) shown_.ForgetAll();
  return session;
}

void WritableLayer::EndChange(const Session& session, bool is_done) {
  changes_ = session.changes();
  if (is_done) ++change_count_;
}

Status WritableLayer::Create(OGRFeature& feature) {
  const auto session = BeginChange();
  if (!session) return Pass(session);
  const auto row = InFieldsOf(*definition(), feature);
  const auto id = table().writer->create({**session, clock(), random_}, *row, NameOf(feature));
  EndChange(**session, id.has_value());
  if (!id) return Pass(id);
  feature.SetFID(*id);
  const RowPrint print = PrintOf(*row);
  shown_.Remember(*id, print);
  ordered_.Remember(*id, print);
  created_.push_back(*id);
  return {};
}

Status WritableLayer::Change(const OGRFeature& feature) {
  const std::int64_t id = feature.GetFID();
  if (id < 0) return tl::unexpected<Error>(NoSuchRow(id));
  const auto session = BeginChange();
  if (!session) return Pass(session);
  const auto row = InFieldsOf(*definition(), feature);
  const RowPrint wanted = PrintOf(*row);
  const auto changed = ChangedFields(id, wanted);
  if (!changed) return Pass(changed);
  if (!changed->empty()) {
    const Status done = table().writer->change({**session, clock(), random_}, {id, *row, *changed});
    EndChange(**session, done.has_value());
    if (!done) return done;
  }
  shown_.Remember(id, wanted);
  return {};
}

// What the program wants to be other than the service has it. The service is asked only where what
// it has may not be what the program was given.
Result<std::vector<std::string>> WritableLayer::ChangedFields(std::int64_t id,
                                                              const RowPrint& wanted) {
  const RowPrint* const shown = shown_.Find(id);
  const std::vector<bool> touched = TouchedBy(id, wanted);
  bool is_known = shown != nullptr;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    is_known = is_known && (!touched[i] || (IsChangeable(i) && (*shown)[i]));
  RowPrint there(wanted.size());
  if (!is_known) {
    const auto found = FetchRow(id, touched);
    if (!found) return Pass(found);
    if (!*found) return tl::unexpected<Error>(NoSuchRow(id));
    there = PrintOf(**found);
  }
  std::vector<std::string> changed;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!touched[i] || there[i] == wanted[i]) continue;
    changed.push_back(NameOfPlace(i));
    if (!IsChangeable(i)) return tl::unexpected<Error>(Unchangeable(id, changed.back()));
  }
  return changed;
}

// The places of what the program has set, and not left as it came or as it was ordered.
std::vector<bool> WritableLayer::TouchedBy(std::int64_t id, const RowPrint& wanted) const {
  const RowPrint* const shown = shown_.Find(id);
  const RowPrint* const ordered = ordered_.Find(id);
  std::vector<bool> touched;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool as_shown = shown && (*shown)[i] == wanted[i];
    const bool as_ordered = ordered && !IsChangeable(i) && (*ordered)[i] == wanted[i];
    touched.push_back(wanted[i] && !as_shown && !as_ordered);
  }
  return touched;
}

std::string WritableLayer::NameOfPlace(std::size_t place) const {
  return place < table().fields.size() ? table().fields[place].name : "the geometry";
}

bool WritableLayer::IsChangeable(std::size_t place) const {
  const auto& changeable = table().writer->changeable;
  return std::find(changeable.begin(), changeable.end(), NameOfPlace(place)) != changeable.end();
}

Error WritableLayer::Unchangeable(std::int64_t id, const std::string& what) const {
  std::string changeable;
  for (const std::string& field : table().writer->changeable)
    changeable += (changeable.empty() ? "" : ", ") + field;
  return {ErrorKind::kInvalidInput,
          what + " of " + table().name + " " + std::to_string(id) +
              " cannot be changed: leave it as it is, since of a row that is there only " +
              changeable + " can be",
          0};
}

Error WritableLayer::NoSuchRow(std::int64_t id) const {
  return {ErrorKind::kNotFound,
          std::string("there is no ") + table().name + " " + std::to_string(id) +
              " for this user: look the id up (ogrinfo S2C: " + table().name + ")",
          0};
}

Status WritableLayer::Remove(std::int64_t id) {
  if (id < 0) return tl::unexpected<Error>(NoSuchRow(id));
  const auto session = BeginChange();
  if (!session) return Pass(session);
  const Status removed = table().writer->remove({**session, clock(), random_}, id);
  EndChange(**session, removed.has_value());
  if (!removed) return removed;
  shown_.Forget(id);
  return {};
}

bool WritableLayer::Can(const char* capability) const {
  return EQUAL(capability, OLCSequentialWrite) || EQUAL(capability, OLCRandomWrite) ||
         EQUAL(capability, OLCDeleteFeature) || CatalogueLayer::Can(capability);
}

}  // namespace s2c
