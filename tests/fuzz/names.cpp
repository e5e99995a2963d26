// SPDX-License-Identifier: MIT
// Connection strings, selections, and paths below /vsis2c/.
#include "driver/names.h"

#include "tests/fuzz/fuzzing.h"
#include "vsi/file_names.h"
#include "vsi/paths.h"

using s2c::fuzzing::Require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(s2c::fuzzing::TextOf(data, size));
  s2c::ParseVsiPath(text);
  s2c::ParseVsiPath(s2c::kVsiPrefix + text);
  s2c::WithPublicPaths(text);
  Require(s2c::EncodeFileName(text).find('/') == std::string::npos, "a file name has no slash");
  for (const std::string& name : {text, "S2C:" + text, "S2C:mosaic(" + text, "S2C:stack(" + text}) {
    const auto parsed = s2c::ParseConnectionString(name);
    if (!parsed || !parsed->id || !parsed->name) continue;
    const auto again =
        s2c::ParseConnectionString(s2c::FormatConnectionString(*parsed->id, *parsed->name));
    Require(again && again->id == parsed->id && again->name, "what is written opens the same");
  }
  return 0;
}
