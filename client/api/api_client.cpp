// SPDX-License-Identifier: MIT
#include "client/api/api_client.h"

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr const char* kInference = "inference";

// How much of JSON:API a request for an inference uses.
enum Level { kPlain, kInclude, kIncludeAndFields };

// With `include`, the relation must be named among the sparse fields, or it vanishes.
Parameters InferenceQuery(int level) {
  Parameters query;
  if (level >= kInclude) query.emplace_back("include", "factbase,knowledgebase");
  if (level >= kIncludeAndFields) {
    query.emplace_back("fields[inference]",
                       "owner,comment,status,status_message,timestamp_created,timestamp_started,"
                       "timestamp_finished,temp_range_start,temp_range_end,output_scale_factor,"
                       "output,qgis_project_location,factbase,knowledgebase");
    query.emplace_back("fields[factbase]", kFactbaseFields);
    query.emplace_back("fields[knowledgebase]", "title");
  }
  return query;
}

std::string NoInference(std::int64_t id) {
  return "there is no inference " + std::to_string(id) +
         " for this user: look the id up in the web application's list of inferences";
}

const JsonValue* ObjectAt(const JsonValue& document, const char* name) {
  const JsonValue* const value = Find(document, name);
  return value && value->IsObject() ? value : nullptr;
}

void AddIncluded(const JsonValue& document, ResolvedInference& resolved) {
  const JsonValue* const included = Find(document, "included");
  if (!included || !included->IsArray()) return;
  for (const JsonValue& resource : included->GetArray()) {
    if (!resource.IsObject()) continue;
    if (auto factbase = ReadFactbase(resource)) resolved.factbase = std::move(factbase);
    if (auto knowledgebase = ReadKnowledgebase(resource))
      resolved.knowledgebase = std::move(knowledgebase);
  }
}

}  // namespace

ApiClient::ApiClient(Transport& transport, Url api_url)
    : source_(transport, api_url), sink_(transport, std::move(api_url)) {}

Result<JsonDocument> ApiClient::GetInferenceDocument(std::int64_t id,
                                                     const std::function<void()>& meanwhile) {
  const std::string path = "inference/" + std::to_string(id);
  int level = kPlain;
  if (source_.takes_include())
    level = source_.TakesFields(kInference) ? kIncludeAndFields : kInclude;
  bool is_first = true;
  for (;; --level) {
    const auto exchange = source_.Start(path, InferenceQuery(level));
    if (std::exchange(is_first, false) && meanwhile) meanwhile();
    auto document = source_.AwaitDocument(*exchange);
    if (document && level < kIncludeAndFields) source_.RefusesFields(kInference);
    if (document && level < kInclude) source_.RefusesInclude();
    if (document || document.error().http_status != 400 || level == kPlain) return document;
  }
}

Status ApiClient::AddFactbase(ResolvedInference& resolved) {
  const std::string path = resolved.inference.factbase_id
                               ? "factbase/" + std::to_string(*resolved.inference.factbase_id)
                               : "inference/" + std::to_string(resolved.inference.id) + "/factbase";
  Parameters query;
  // Where the inference's were taken, the factbase's were, in the same request.
  if (source_.TakesFields(kInference) && source_.TakesFields("factbase"))
    query.emplace_back("fields[factbase]", kFactbaseFields);
  const auto document = source_.GetDocument(path, query);
  if (!document && document.error().kind == ErrorKind::kNotFound) return {};
  if (!document) return Pass(document);
  if (const JsonValue* const data = ObjectAt(**document, "data"))
    resolved.factbase = ReadFactbase(*data);
  return {};
}

Result<ResolvedInference> ApiClient::GetInference(std::int64_t id,
                                                  const std::function<void()>& meanwhile) {
  const auto document = GetInferenceDocument(id, meanwhile);
  if (!document) {
    if (document.error().kind == ErrorKind::kNotFound)
      return Fail(ErrorKind::kNotFound, NoInference(id));
    return Pass(document);
  }
  // An unknown id is answered with 200 and no data, or with a bare null.
  const JsonValue* const data = ObjectAt(**document, "data");
  const JsonValue* const any_data = Find(**document, "data");
  if (!data && ((*document)->IsNull() || (any_data && any_data->IsNull())))
    return Fail(ErrorKind::kNotFound, NoInference(id));
  auto inference = data ? ReadInference(*data) : std::nullopt;
  if (!inference || inference->id != id)
    return Fail(ErrorKind::kProtocol, "'" + source_.api_url().ToString() +
                                          "' does not answer with inference " + std::to_string(id) +
                                          "; check S2C_API_URL");
  ResolvedInference resolved;
  resolved.inference = std::move(*inference);
  AddIncluded(**document, resolved);
  if (resolved.factbase && !resolved.inference.factbase_id)
    resolved.inference.factbase_id = resolved.factbase->id;
  if (resolved.knowledgebase && !resolved.inference.knowledgebase_id)
    resolved.inference.knowledgebase_id = resolved.knowledgebase->id;
  if (!resolved.factbase && resolved.inference.Succeeded()) {
    const Status added = AddFactbase(resolved);
    if (!added) return Pass(added);
    if (resolved.factbase) resolved.inference.factbase_id = resolved.factbase->id;
  }
  return resolved;
}

Result<std::string> ApiClient::GetInferenceText(std::int64_t id) {
  return source_.GetText("inference/" + std::to_string(id), {});
}

Result<JsonDocument> ApiClient::GetResource(const std::string& type, std::int64_t id,
                                            const std::vector<std::string>& fields) {
  const std::string path = type + "/" + std::to_string(id);
  const bool sparse = !fields.empty() && source_.TakesFields(type);
  Parameters query;
  if (sparse) query.emplace_back("fields[" + type + "]", Joined(fields));
  auto document = source_.GetDocument(path, query);
  if (!document && sparse && document.error().http_status == 400) {
    document = source_.GetDocument(path, {});
    if (document) source_.RefusesFields(type);
  }
  if (!document && document.error().kind == ErrorKind::kNotFound) return JsonDocument();
  if (!document) return document;
  // An unknown id is answered with 200 and no data, or with a bare null.
  const JsonValue* const data = ObjectAt(**document, "data");
  const JsonValue* const found = data ? Find(*data, "id") : nullptr;
  if (!found || AsId(*found) != id) return JsonDocument();
  return document;
}

}  // namespace s2c
