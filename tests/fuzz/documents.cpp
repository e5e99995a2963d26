// SPDX-License-Identifier: MIT
// JSON:API documents, one resource or a list, and errors.
#include "client/api/answers.h"
#include "client/api/layout.h"
#include "client/api/list_answer.h"
#include "client/api/resources.h"
#include "tests/fuzz/fuzzing.h"

namespace {

void ReadResource(const s2c::JsonValue& resource) {
  s2c::ReadInference(resource);
  s2c::ReadFactbase(resource);
  s2c::ReadKnowledgebase(resource);
  if (!resource.IsObject()) return;
  const s2c::JsonValue* const attributes = s2c::Find(resource, "attributes");
  if (!attributes) return;
  s2c::ReadWorkerSigns(*attributes);
  if (!attributes->IsObject()) return;
  if (const s2c::JsonValue* const layout = s2c::Find(*attributes, "layout"))
    s2c::ClassesOf(s2c::ReadLayout(*layout), "composite");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = s2c::fuzzing::TextOf(data, size);
  s2c::Response response;
  response.status = 422;
  response.body = text;
  s2c::ReasonOf(response);
  const auto document = s2c::ParseJson(text);
  if (!document) return 0;
  ReadResource(**document);
  if (const auto list = s2c::ListAnswer::Read(**document, "inference", std::nullopt)) {
    for (const s2c::Row& row : list->rows) ReadResource(*row.resource);
    list->BelievedCount(0, 100);
  }
  return 0;
}
