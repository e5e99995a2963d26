// SPDX-License-Identifier: MIT
#include "driver/catalogue/found_features.h"

#include <ogr_geometry.h>

#include <cstring>
#include <utility>

namespace s2c {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20;

std::size_t SizeOf(const OGRFeature& feature) {
  std::size_t size = sizeof(OGRFeature);
  for (int i = 0; i < feature.GetFieldCount(); ++i) {
    const OGRField& value = *feature.GetRawFieldRef(i);
    size += sizeof(OGRField);
    const bool is_text = feature.GetFieldDefnRef(i)->GetType() == OFTString;
    if (is_text && feature.IsFieldSetAndNotNull(i)) size += std::strlen(value.String);
  }
  const OGRGeometry* const geometry = feature.GetGeometryRef();
  return geometry ? size + geometry->WkbSize() : size;
}

}  // namespace

void FoundFeatures::Begin(std::string key) {
  *this = FoundFeatures();
  key_ = std::move(key);
}

void FoundFeatures::Add(const OGRFeature& feature) {
  size_ += SizeOf(feature);
  too_many_ = too_many_ || size_ > kMostBytes;
  if (too_many_) {
    features_.clear();
  } else {
    features_.emplace_back(feature.Clone());
  }
}

std::unique_ptr<OGRFeature> FoundFeatures::At(std::size_t place) const {
  return std::unique_ptr<OGRFeature>(place < features_.size() ? features_[place]->Clone()
                                                              : nullptr);
}

}  // namespace s2c
