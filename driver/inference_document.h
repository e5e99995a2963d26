// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <optional>
#include <string>

#include "vsi/gdal_compat.h"
#include "vsi/paths.h"

namespace s2c {

/// The API's document of an inference, fetched once and when somebody asks for it: with the area
/// of interest it is often larger than the results.
class InferenceDocument {
 public:
  /// `mount` must outlive this.
  explicit InferenceDocument(const Mount& mount) : mount_(mount) {}

  /// The metadata domain that holds it.
  static constexpr const char* kDomain = "json:S2C";
  static bool IsDomain(const char* domain) { return domain && EQUAL(domain, kDomain); }
  /// The domains of a dataset with that one beside them. Takes the list, and the caller owns what
  /// it gives.
  static char** WithDomain(char** domains);

  /// The document as a metadata list of one string; null after an error that was reported. Throws
  /// nothing.
  MetadataList Metadata();

  /// The area of interest, a GeoJSON text; nothing where the document has none.
  Result<Text> AreaOfInterest();

 private:
  Status Fetch();

  const Mount& mount_;
  CPLStringList list_;
};

}  // namespace s2c
