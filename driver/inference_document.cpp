// SPDX-License-Identifier: MIT
#include "driver/inference_document.h"

#include "client/base/json.h"
#include "vsi/report.h"

namespace s2c {

Status InferenceDocument::Fetch() {
  if (!list_.empty()) return {};
  const auto session = mount_.session();
  if (!session) return Pass(session);
  const auto text = (*session)->GetInferenceText(mount_.inference()->inference.id);
  if (!text) return Pass(text);
  list_.AddString(text->c_str());
  return {};
}

char** InferenceDocument::WithDomain(char** domains) { return CSLAddString(domains, kDomain); }

MetadataList InferenceDocument::Metadata() {
  return Guarded(
      [&]() -> MetadataList {
        const Status fetched = Fetch();
        if (fetched) return list_.List();
        Report(fetched.error());
        return nullptr;
      },
      nullptr);
}

Result<Text> InferenceDocument::AreaOfInterest() {
  const Status fetched = Fetch();
  if (!fetched) return Pass(fetched);
  const auto document = ParseJson(list_[0]);
  if (!document) return Pass(document);
  const JsonValue* const value = FindAt(*document, {"data", "attributes", "area_of_interest"});
  if (!value || value->IsNull()) return Text();
  return value->IsString() ? AsText(*value) : Text(ToJson(*value));
}

}  // namespace s2c
