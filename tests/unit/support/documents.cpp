// SPDX-License-Identifier: MIT
#include "tests/unit/support/documents.h"

#include <gtest/gtest.h>

namespace s2c::testing_support {

JsonDocument MakeJson(const std::string& text) {
  Result<JsonDocument> document = ParseJson(text);
  if (document) return *document;
  ADD_FAILURE() << document.error().message << " in " << text;
  return std::make_shared<rapidjson::Document>();
}

std::string QueryValue(const Url& url, const std::string& name) {
  const std::string& query = url.query();
  for (std::size_t start = 0; start < query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string pair = query.substr(start, end - start);
    const std::size_t equals = pair.find('=');
    if (PercentDecode(pair.substr(0, equals)) == name)
      return equals == std::string::npos ? "" : PercentDecode(pair.substr(equals + 1));
    start = end + 1;
  }
  return "(absent)";
}

std::string Resource(const std::string& type, const std::string& id,
                     const std::string& attributes) {
  return R"({"type": ")" + type + R"(", "id": )" + id + R"(, "attributes": )" + attributes + "}";
}

}  // namespace s2c::testing_support
