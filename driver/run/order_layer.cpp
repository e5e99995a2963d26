// SPDX-License-Identifier: MIT
#include "driver/run/order_layer.h"

#include "client/base/text.h"
#include "vsi/report.h"

namespace s2c {

OrderLayer::OrderLayer(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
                       std::string name_field, std::function<bool()> finish)
    : DatasetLayer(name, type, ""), name_field_(std::move(name_field)), finish_(std::move(finish)) {
  if (type == wkbNone || !srs) return;
  OGRSpatialReference* const own = srs->Clone();
  definition()->GetGeomFieldDefn(0)->SetSpatialRef(own);
  own->Release();
}

OGRErr OrderLayer::CreateField(NewField field, int) {
  OGRFieldDefn copy(field);
  definition()->AddFieldDefn(&copy);
  return OGRERR_NONE;
}

Result<std::string> OrderLayer::NameOf(const OGRFeature& feature) const {
  const int field = feature.GetFieldIndex(name_field_.empty() ? "name" : name_field_.c_str());
  if (field < 0 && !name_field_.empty())
    return Fail(ErrorKind::kInvalidInput, "the area of interest has no field '" +
                                              OneLine(name_field_) +
                                              "' to name its features by: correct NAME_FIELD");
  return field >= 0 && feature.IsFieldSetAndNotNull(field)
             ? std::string(feature.GetFieldAsString(field))
             : std::string();
}

Result<RunArea> OrderLayer::Area() {
  has_begun_ = true;
  return builder_.Finish();
}

OGRErr OrderLayer::ICreateFeature(OGRFeature* feature) {
  return Guarded(
      [&] {
        if (has_begun_) {
          Report({ErrorKind::kInvalidInput,
                  "the run on this area of interest has begun: make another dataset for more "
                  "features",
                  0});
          return OGRERR_FAILURE;
        }
        const OGRGeometry* const geometry = feature->GetGeometryRef();
        const OGRSpatialReference* srs = geometry ? geometry->getSpatialReference() : nullptr;
        if (!srs) srs = GetSpatialRef();
        const OGRPolygon nothing;
        const auto name = NameOf(*feature);
        const Status added =
            name ? builder_.Add(geometry ? *geometry : nothing, srs, *name) : Status(Pass(name));
        if (added) return OGRERR_NONE;
        was_refused_ = true;
        Report(added.error());
        return OGRERR_FAILURE;
      },
      OGRERR_FAILURE);
}

bool OrderLayer::Can(const char* capability) const {
  return EQUAL(capability, OLCSequentialWrite) || EQUAL(capability, OLCCreateField) ||
         EQUAL(capability, OLCStringsAsUTF8) || EQUAL(capability, OLCCurveGeometries) ||
         EQUAL(capability, OLCMeasuredGeometries) || EQUAL(capability, OLCZGeometries);
}

}  // namespace s2c
