// SPDX-License-Identifier: MIT
// Areas of interest: GeoJSON as the API has it, as an object or as its text.
#include <cpl_error.h>

#include "client/api/geojson.h"
#include "driver/geojson_geometry.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool is_quiet = (CPLPushErrorHandler(CPLQuietErrorHandler), true);
  static_cast<void>(is_quiet);
  const std::string_view text = s2c::fuzzing::TextOf(data, size);
  bool whole = true;
  rapidjson::Document as_text;
  as_text.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()),
                    as_text.GetAllocator());
  s2c::ReadGeoJson(&as_text, whole);
  const auto document = s2c::ParseJson(text);
  if (!document) return 0;
  s2c::ReadGeoJson(&**document, whole);
  s2c::fuzzing::Require(s2c::ParseJson(s2c::PlainGeoJson(**document)).has_value(),
                        "plain GeoJSON is JSON");
  return 0;
}
