// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstdint>
#include <string>
#include <vector>

#include "client/base/clock.h"
#include "client/session.h"

namespace s2c {

/// What to do where a layer that can be changed is not open for that.
constexpr const char* kOpenForUpdate =
    "the catalogue is open read-only, so open S2C: for update (gdal.OF_UPDATE, or ogrinfo without "
    "-ro)";

/// What a writer works with.
struct WriterMeans {
  Session& session;
  Clock& clock;
  Random& random;
};

/// What is to become of a row.
struct RowChange {
  std::int64_t id;
  const OGRFeature& wanted;
  std::vector<std::string> fields;  ///< that are to become as they are there; all can be changed

  bool Has(const char* field) const;
  /// What is wanted of a field, where it is to be changed; null is an empty text, and no.
  std::optional<std::string> Text(const char* field) const;
  std::optional<bool> Truth(const char* field) const;
};

/// What changes to the rows of a layer mean to the service. Rows are of the layer's definition.
struct RowWriter {
  std::vector<std::string> changeable;  ///< fields
  bool opens;                           ///< S2C:ID, where ID is that of a row
  /// Gives the new id. What the service fills in itself is passed over, so that a copy of another
  /// row will do. `name` is the feature's own, or empty.
  Result<std::int64_t> (*create)(const WriterMeans& means, const OGRFeature& row,
                                 const std::string& name);
  Status (*change)(const WriterMeans& means, const RowChange& change);
  Status (*remove)(const WriterMeans& means, std::int64_t id);
};

/// Runs inferences, runs them again, aborts and deletes them, and sets comment and favourite.
const RowWriter& InferenceWriter();
/// Makes, changes and deletes models.
const RowWriter& ModelWriter();

}  // namespace s2c
