// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_geometry.h>

#include <memory>

#include "client/base/json.h"

namespace s2c {

/// What a geometry of ReadGeoJson() is made of: "polygon", "line", "point" or "mixed".
const char* KindOf(const OGRGeometry& geometry);

/// The geometry that a row's attribute holds, read once, and not before somebody wants it: of an
/// area that can be 190 kB.
class PlaceReader {
 public:
  /// `value`, which may be null, must outlive this.
  explicit PlaceReader(const JsonValue* value) : value_(value) {}

  /// Null where there is none.
  const OGRGeometry* Get();
  /// False where some of it cannot be read.
  bool whole() {
    Get();
    return whole_;
  }

 private:
  const JsonValue* value_;
  std::unique_ptr<OGRGeometry> geometry_;
  bool was_read_ = false;
  bool whole_ = true;
};

}  // namespace s2c
