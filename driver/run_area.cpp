// SPDX-License-Identifier: MIT
#include "driver/run_area.h"

#include <cpl_conv.h>
#include <ogr_api.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "client/base/json.h"
#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/geojson_geometry.h"
#include "driver/ground_area.h"
#include "driver/kept_messages.h"

namespace s2c {
namespace {

// Of an arc, so that the chord of one with a radius of 50 km is within half a pixel of 10 m.
constexpr double kDegreesPerChord = 1;

tl::unexpected<Error> Invalid(std::string what) {
  return Fail(ErrorKind::kInvalidInput, std::move(what));
}

// Surfaces made of facets as polygons.
std::unique_ptr<OGRGeometry> WithoutFacets(std::unique_ptr<OGRGeometry> part) {
  const OGRwkbGeometryType type = part->getGeometryType();
  if (!OGR_GT_IsSurface(type) || wkbFlatten(type) == wkbPolygon) return part;
  return std::unique_ptr<OGRGeometry>(OGRGeometryFactory::forceToMultiPolygon(part.release()));
}

// Why it is not valid; empty where it is, or where that cannot be told. GEOS says it as a warning.
std::string Fault(const OGRGeometry& geometry) {
  if (!OGRGeometryFactory::haveGEOS()) return {};
  bool is_valid = true;
  const auto messages = KeepMessages([&] { is_valid = geometry.IsValid() != FALSE; });
  if (is_valid) return {};
  return messages.empty() ? "GEOS does not say why" : OneLine(messages.front().text);
}

std::string GeoJson(const OGRGeometry& geometry) {
  const char* const options[] = {"COORDINATE_PRECISION=7", nullptr};
  char* const text = OGR_G_ExportToJsonEx(
      OGRGeometry::ToHandle(const_cast<OGRGeometry*>(&geometry)), const_cast<char**>(options));
  std::string json = text ? text : "null";
  CPLFree(text);
  // Areas are sent around with every inference, and no text in them has a blank.
  json.erase(std::remove(json.begin(), json.end(), ' '), json.end());
  return json;
}

std::optional<bool> Meets(const GeometryParts& area, const std::string& footprint) {
  const auto document = ParseJson(footprint);
  if (!document || !OGRGeometryFactory::haveGEOS()) return std::nullopt;
  bool is_known = true;
  const auto place = ReadGeoJson(document->get(), is_known);
  if (!place) return std::nullopt;
  OGRPreparedGeometryUniquePtr prepared;
  // It speaks of rings that do not close, which are not the user's.
  KeepMessages(
      [&] { prepared.reset(OGRCreatePreparedGeometry(OGRGeometry::ToHandle(place.get()))); });
  if (!prepared) return std::nullopt;
  for (const auto& part : area) {
    bool meets = false;
    // GEOS' failure is true to OGR.
    const auto messages = KeepMessages([&] {
      meets = OGRPreparedGeometryIntersects(prepared.get(), OGRGeometry::ToHandle(part.get()));
    });
    if (!messages.empty()) {
      is_known = false;
    } else if (meets) {
      return true;
    }
  }
  return is_known ? std::optional<bool>(false) : std::nullopt;
}

// GDAL hands on what a format's text holds, in whichever encoding.
std::string Utf8(const std::string& text) {
  if (CPLIsUTF8(text.c_str(), -1)) return text;
  char* const recoded = CPLRecode(text.c_str(), CPL_ENC_ISO8859_1, CPL_ENC_UTF8);
  std::string utf8 = recoded;
  CPLFree(recoded);
  return utf8;
}

template <class NameAt>
std::string NamesOf(int count, NameAt name_at) {
  std::vector<std::string> names(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) names[static_cast<std::size_t>(i)] = name_at(i);
  return OneLine(Joined(names));
}

Result<int> NameFieldOf(const OGRFeatureDefn& definition, const std::string& name_field) {
  const int field = definition.GetFieldIndex(name_field.empty() ? "name" : name_field.c_str());
  if (field >= 0 || name_field.empty()) return field;
  return Invalid("the layer '" + std::string(definition.GetName()) + "' has no field '" +
                 OneLine(name_field, 100) +
                 "' that could name its features (NAME_FIELD): its fields are " +
                 NamesOf(definition.GetFieldCount(),
                         [&](int i) { return definition.GetFieldDefn(i)->GetNameRef(); }));
}

Result<OGRLayer*> LayerOf(GDALDataset& dataset, const std::string& name) {
  const int count = dataset.GetLayerCount();
  if (name.empty() && count == 1) return dataset.GetLayer(0);
  if (OGRLayer* const layer = name.empty() ? nullptr : dataset.GetLayerByName(name.c_str()))
    return layer;
  return Invalid(
      "the dataset of the area of interest has " +
      (name.empty() ? std::to_string(count) + " layers" : "no layer '" + OneLine(name, 100) + "'") +
      ": name one with --layer, of " +
      NamesOf(count, [&](int i) { return dataset.GetLayer(i)->GetName(); }));
}

}  // namespace

Status RunAreaBuilder::Add(const OGRGeometry& geometry, const OGRSpatialReference* srs,
                           const std::string& name) {
  ++given_count_;
  const auto failed = [&](const Error& error) {
    const std::string named = name.empty() ? "" : " ('" + OneLine(name, 100) + "')";
    return Invalid("feature " + std::to_string(given_count_) + named + " of the area of interest " +
                   error.message);
  };
  auto parts = ReadParts(geometry);
  if (!parts) return failed(parts.error());
  if (parts->empty()) return {};
  if (const auto done = ToLonLat(*parts, srs); !done) return failed(done.error());
  for (auto& part : *parts) {
    if (wkbFlatten(part->getGeometryType()) == wkbPolygon) Orient(*part->toPolygon());
  }
  geometries_.push_back(parts->size() == 1 ? std::move(parts->front())
                                           : Together(std::move(*parts)));
  Write(*geometries_.back(), name);
  return {};
}

Result<GeometryParts> RunAreaBuilder::ReadParts(const OGRGeometry& geometry) const {
  GeometryParts pieces, parts;
  std::unique_ptr<OGRGeometry> plain(geometry.getLinearGeometry(kDegreesPerChord));
  plain->flattenTo2D();
  plain->closeRings();
  plain->assignSpatialReference(nullptr);
  // Polygons of one multi-polygon exclude each other, those of a collection need not.
  const bool is_one = wkbFlatten(plain->getGeometryType()) == wkbMultiPolygon;
  const std::string fault = is_one ? Fault(*plain) : "";
  AddParts(std::move(plain), pieces);
  for (auto& piece : pieces) AddParts(WithoutFacets(std::move(piece)), parts);
  for (const auto& part : parts) {
    if (part->getGeometryType() != parts.front()->getGeometryType())
      return Invalid(
          "is a collection of several kinds: make a feature of each, or take one kind "
          "(ogr2ogr -explodecollections, -nlt)");
  }
  for (const auto& part : parts) {
    if (wkbFlatten(part->getGeometryType()) != wkbPolygon) break;
    const std::string reason = is_one ? fault : Fault(*part);
    if (!reason.empty())
      return Invalid("is not a valid polygon (" + reason +
                     "): repair it, e.g. with ogr2ogr -makevalid");
  }
  return parts;
}

Status RunAreaBuilder::ToLonLat(GeometryParts& parts, const OGRSpatialReference* srs) {
  if (!transform_ || !transform_->IsFrom(srs)) {
    auto transform = LonLatTransform::From(srs);
    if (!transform) return Pass(transform);
    transform_ = std::move(*transform);
  }
  for (auto& part : parts) {
    if (auto done = transform_->Apply(*part); !done) return done;
  }
  return {};
}

void RunAreaBuilder::Orient(OGRPolygon& polygon) {
  const OGRLinearRing* const outer = polygon.getExteriorRing();
  for (OGRLinearRing* const ring : polygon) {
    const double area = SignedGroundArea(*ring);
    if ((area > 0) != (ring == outer)) ring->reversePoints();
    square_metres_ += ring == outer ? std::abs(area) : -std::abs(area);
  }
}

void RunAreaBuilder::Write(const OGRGeometry& geometry, const std::string& name) {
  const std::string properties = name.empty() ? "" : "\"name\":" + JsonText(UniqueName(Utf8(name)));
  features_ += features_.empty() ? "[" : ",";
  features_ += R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":)" +
               GeoJson(geometry) + "}";
}

std::string RunAreaBuilder::UniqueName(const std::string& name) {
  std::string unique = name;
  int& count = names_[name];
  while (++count > 1) {
    unique = name + " (" + std::to_string(count) + ")";
    if (names_.emplace(unique, 1).second) break;
  }
  return unique;
}

Result<RunArea> RunAreaBuilder::Finish() {
  if (geometries_.empty())
    return Invalid(given_count_ == 0
                       ? "the area of interest has no feature: check its layer and its filter"
                       : "no feature of the area of interest has a geometry: check its layer");
  const std::size_t left_out = given_count_ - geometries_.size();
  if (left_out > 0)
    LogWarning(std::to_string(left_out) + " of " + std::to_string(given_count_) +
               " features of the area of interest have no geometry and are left out");
  RunArea area;
  area.features = std::move(features_) + "]";
  area.square_metres = square_metres_;
  area.feature_count = geometries_.size();
  const auto parts = std::make_shared<const GeometryParts>(std::move(geometries_));
  area.meets = [parts](const std::string& footprint) { return Meets(*parts, footprint); };
  return area;
}

Result<RunArea> ReadRunArea(GDALDataset& dataset, const AreaChoice& choice) {
  const auto layer = LayerOf(dataset, choice.layer);
  if (!layer) return Pass(layer);
  if (choice.where.empty()) return ReadRunArea(**layer, choice.name_field);
  bool is_set = false;
  const auto messages = KeepMessages(
      [&] { is_set = (*layer)->SetAttributeFilter(choice.where.c_str()) == OGRERR_NONE; });
  if (!is_set)
    return Invalid("the condition '" + OneLine(choice.where, 100) +
                   "' (--where) is none on layer '" + (*layer)->GetName() + "'" +
                   (messages.empty() ? "" : " (" + OneLine(messages.back().text) + ")") +
                   ": write it as ogrinfo -where takes it");
  auto area = ReadRunArea(**layer, choice.name_field);
  (*layer)->SetAttributeFilter(nullptr);
  return area;
}

Result<RunArea> ReadRunArea(OGRLayer& layer, const std::string& name_field) {
  const auto field = NameFieldOf(*layer.GetLayerDefn(), name_field);
  if (!field) return Pass(field);
  RunAreaBuilder builder;
  Status added;
  const OGRPoint nowhere;
  const auto read = [&] {
    layer.ResetReading();
    while (const std::unique_ptr<OGRFeature> feature{layer.GetNextFeature()}) {
      const OGRGeometry* const geometry = feature->GetGeometryRef();
      const bool is_named = *field >= 0 && feature->IsFieldSetAndNotNull(*field);
      const OGRSpatialReference* const own = geometry ? geometry->getSpatialReference() : nullptr;
      added = builder.Add(geometry ? *geometry : nowhere, own ? own : layer.GetSpatialRef(),
                          is_named ? feature->GetFieldAsString(*field) : "");
      if (!added) return;
    }
  };
  const auto messages = KeepMessages(read);
  if (!added) return Pass(added);
  for (const KeptMessage& message : messages) {
    // What ends a reading early, or is wrong with a condition, is an error message alone.
    if (message.IsFailure())
      return Invalid("the features of the area of interest cannot all be read (" +
                     OneLine(message.text) +
                     "): `ogrinfo -al` must be able to read them, with the "
                     "same condition");
    message.Say();
  }
  return builder.Finish();
}

}  // namespace s2c
