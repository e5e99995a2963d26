// SPDX-License-Identifier: MIT
#include "driver/result_metadata.h"

#include "client/base/text.h"

namespace s2c {
namespace {

// A metadata value is one line of text in most programs that show it; what the user typed is kept.
void Set(CPLStringList& list, const char* name, const Text& value) {
  if (value && !value->empty()) list.SetNameValue(name, value->c_str());
}

void Set(CPLStringList& list, const char* name, const std::optional<std::int64_t>& id) {
  if (id) list.SetNameValue(name, std::to_string(*id).c_str());
}

// A metadata key may not hold '=', and ours are capitals with underscores.
std::string KeyOf(const std::string& name) {
  std::string key;
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    key += lower ? static_cast<char>(c - 'a' + 'A') : (kept ? c : '_');
  }
  return key;
}

}  // namespace

CPLStringList InferenceMetadata(const ResolvedInference& resolved) {
  const Inference& inference = resolved.inference;
  CPLStringList list;
  list.SetNameValue("INFERENCE_ID", std::to_string(inference.id).c_str());
  Set(list, "STATUS", inference.status);
  Set(list, "OWNER", inference.owner);
  Set(list, "COMMENT", inference.comment);
  Set(list, "KNOWLEDGEBASE_ID", inference.knowledgebase_id);
  if (resolved.knowledgebase) Set(list, "KNOWLEDGEBASE", resolved.knowledgebase->title);
  Set(list, "FACTBASE_ID", inference.factbase_id);
  if (resolved.factbase) {
    Set(list, "FACTBASE", resolved.factbase->title);
    Set(list, "SENSOR", resolved.factbase->sensor);
  }
  Set(list, "TEMP_RANGE_START", inference.temp_range_start);
  Set(list, "TEMP_RANGE_END", inference.temp_range_end);
  Set(list, "TIMESTAMP_CREATED", inference.timestamp_created);
  Set(list, "TIMESTAMP_STARTED", inference.timestamp_started);
  Set(list, "TIMESTAMP_FINISHED", inference.timestamp_finished);
  Set(list, "OUTPUT_SCALE_FACTOR", inference.output_scale_factor);
  return list;
}

CPLStringList OwnDomains(GDALMajorObject& object) {
  return CPLStringList(object.GDALMajorObject::GetMetadataDomainList());
}

void AddMissing(CPLStringList& domains, const CPLStringList& more) {
  for (int i = 0; i < more.size(); ++i) {
    if (domains.FindString(more[i]) < 0) domains.AddString(more[i]);
  }
}

CPLStringList OutputMetadata(const ResolvedInference& resolved, const Output& output) {
  CPLStringList list = InferenceMetadata(resolved);
  list.SetNameValue("OUTPUT_NAME", output.name.c_str());
  // QGIS takes the layer's name from it.
  list.SetNameValue("IDENTIFIER", output.name.c_str());
  Set(list, "VALUE_TYPE", output.value_type);
  if (output.value_range)
    list.SetNameValue("VALUE_RANGE", CPLSPrintf("%.17g,%.17g", output.value_range->first,
                                                output.value_range->second));
  Set(list, "VIS_TYPE", output.vis_type);
  if (!output.dims.empty()) list.SetNameValue("DIMS", Joined(output.dims).c_str());
  for (const auto& [name, value] : output.other) {
    const std::string key = KeyOf(name);
    if (!list.FetchNameValue(key.c_str())) list.SetNameValue(key.c_str(), value.c_str());
  }
  return list;
}

}  // namespace s2c
