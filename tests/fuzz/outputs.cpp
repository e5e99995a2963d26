// SPDX-License-Identifier: MIT
// The string in which an inference lists its outputs, and where their files are said to be.
#include "client/api/resources.h"
#include "client/base/url.h"
#include "tests/fuzz/fuzzing.h"

using s2c::fuzzing::Require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto* const factbase =
      new s2c::Url(*s2c::Url::Parse("https://demo.sen2cube.at:8443/files"));
  const std::string_view text = s2c::fuzzing::TextOf(data, size);
  rapidjson::Document value;
  value.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), value.GetAllocator());
  for (const s2c::Output& output : s2c::ReadOutputs(value)) {
    output.Extension();
    output.NativeData();
    Require(output.ServerFileName().size() <= text.size(),
            "a name is no longer than what it is of");
    if (!output.data) continue;
    // The token goes there (DESIGN.md, section 5).
    const auto url = s2c::ResultUrl(*factbase, *output.data);
    if (!url) continue;
    Require(url->Origin() == factbase->Origin(), "a result is on its factbase's server");
    Require(s2c::Url::Parse(url->ToString()).has_value(), "a result's address is one");
  }
  return 0;
}
