// SPDX-License-Identifier: MIT
#include "client/api/api_client.h"

#include <algorithm>

#include "client/base/text.h"

namespace s2c {
namespace {

enum Level { kPlain = 0, kInclude = 1, kIncludeAndFields = 2 };

constexpr const char* kMediaType = "application/vnd.api+json";

// With `include`, the relation must be named among the sparse fields, or it vanishes.
Parameters InferenceQuery(int level) {
  Parameters query;
  if (level >= kInclude) query.emplace_back("include", "factbase,knowledgebase");
  if (level >= kIncludeAndFields) {
    query.emplace_back("fields[inference]",
                       "owner,comment,status,status_message,timestamp_created,timestamp_started,"
                       "timestamp_finished,temp_range_start,temp_range_end,output_scale_factor,"
                       "output,qgis_project_location,factbase,knowledgebase");
    query.emplace_back("fields[factbase]", "title,uri,sensor");
    query.emplace_back("fields[knowledgebase]", "title");
  }
  return query;
}

// JSON:API error objects have a title and a detail; other layers answer in HTML.
std::string Reason(const Response& response) {
  std::string reason = "HTTP " + std::to_string(response.status);
  const auto document = ParseJson(response.body);
  const JsonValue* const errors = document ? Find(**document, "errors") : nullptr;
  if (!errors || !errors->IsArray() || errors->Empty()) return reason;
  for (const char* name : {"title", "detail"}) {
    const Text text = TextAt((*errors)[0], name);
    if (text && !Trim(*text).empty()) reason += ", " + OneLine(*text);
  }
  return reason;
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
    : transport_(transport), api_url_(std::move(api_url)), level_(kIncludeAndFields) {}

Result<std::string> ApiClient::GetText(const std::string& path, const Parameters& query) {
  Request request;
  const Url url = api_url_.Below(path);
  request.url = url.With(url.path(), EncodeParameters(query));
  request.headers = {{"Accept", kMediaType}};
  auto response = transport_.Send(std::move(request));
  if (!response) {
    Error error = response.error();
    if (error.kind == ErrorKind::kUnreachable || error.kind == ErrorKind::kInterrupted)
      error.message += "; check S2C_API_URL and the network";
    return tl::unexpected<Error>(std::move(error));
  }
  const std::string where = "'" + api_url_.ToString() + "'";
  if (response->status == 401 || response->status == 403)
    return Fail(ErrorKind::kCredentials,
                where + " does not accept this login (" + Reason(*response) +
                    "): check S2C_USERNAME, or log in anew",
                response->status);
  // A 404 of the API is a JSON:API document; any other comes from a server that is not the API.
  const bool missing = response->status == 404 && ParseJson(response->body);
  if (!response->Ok())
    return Fail(
        missing ? ErrorKind::kNotFound : ErrorKind::kServer,
        where + " cannot answer (" + Reason(*response) + "); check S2C_API_URL, or try again later",
        response->status);
  return std::move(response->body);
}

Result<JsonDocument> ApiClient::GetDocument(const std::string& path, const Parameters& query) {
  const auto text = GetText(path, query);
  if (!text) return Pass(text);
  auto document = ParseJson(*text);
  if (!document)
    return Fail(ErrorKind::kProtocol, "'" + api_url_.ToString() +
                                          "' does not answer in JSON:API (" +
                                          document.error().message + "); check S2C_API_URL");
  return document;
}

Result<JsonDocument> ApiClient::GetInferenceDocument(std::int64_t id) {
  const std::string path = "inference/" + std::to_string(id);
  for (int level = level_;; --level) {
    auto document = GetDocument(path, InferenceQuery(level));
    // Remembered only where asking for less has helped: a 400 can have other reasons.
    if (document) level_ = level;
    if (document || document.error().http_status != 400 || level == kPlain) return document;
  }
}

Status ApiClient::AddFactbase(ResolvedInference& resolved) {
  const std::string path = resolved.inference.factbase_id
                               ? "factbase/" + std::to_string(*resolved.inference.factbase_id)
                               : "inference/" + std::to_string(resolved.inference.id) + "/factbase";
  Parameters query;
  if (level_ >= kIncludeAndFields) query.emplace_back("fields[factbase]", "title,uri,sensor");
  const auto document = GetDocument(path, query);
  if (!document) return Pass(document);
  if (const JsonValue* const data = ObjectAt(**document, "data"))
    resolved.factbase = ReadFactbase(*data);
  return {};
}

Result<ResolvedInference> ApiClient::GetInference(std::int64_t id) {
  const auto document = GetInferenceDocument(id);
  if (!document) {
    if (document.error().kind == ErrorKind::kNotFound)
      return Fail(ErrorKind::kNotFound, NoInference(id), document.error().http_status);
    return Pass(document);
  }
  // An unknown id is answered with 200 and no data, or with a bare null.
  const JsonValue* const data = ObjectAt(**document, "data");
  const JsonValue* const any_data = Find(**document, "data");
  if (!data && ((*document)->IsNull() || (any_data && any_data->IsNull())))
    return Fail(ErrorKind::kNotFound, NoInference(id));
  auto inference = data ? ReadInference(*data) : std::nullopt;
  if (!inference || inference->id != id)
    return Fail(ErrorKind::kProtocol, "'" + api_url_.ToString() +
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
  return GetText("inference/" + std::to_string(id), {});
}

Result<std::vector<InferenceEntry>> ApiClient::ListInferences(std::size_t limit,
                                                              std::size_t page_size) {
  std::vector<InferenceEntry> entries;
  if (limit == 0) return entries;
  page_size = std::clamp<std::size_t>(page_size, 1, limit);
  // Bounded by the limit, whatever the server says about further pages.
  const std::size_t pages = (limit + page_size - 1) / page_size;
  for (std::size_t page = 1; page <= pages && entries.size() < limit; ++page) {
    // Without a sort the server promises no order, and pages would overlap.
    Parameters query = {{"sort", "-id"},
                        {"page[size]", std::to_string(page_size)},
                        {"page[number]", std::to_string(page)}};
    const bool sparse = level_ >= kIncludeAndFields;
    if (sparse) query.emplace_back("fields[inference]", "timestamp_finished");
    const auto document = GetDocument("inference", query);
    if (!document && sparse && document.error().http_status == 400) {
      level_ = kInclude;
      --page;
      continue;
    }
    if (!document) return Pass(document);
    const JsonValue* const data = Find(**document, "data");
    if (!data || !data->IsArray())
      return Fail(ErrorKind::kProtocol, "'" + api_url_.ToString() +
                                            "' does not answer with a list of inferences; check "
                                            "S2C_API_URL");
    for (const JsonValue& resource : data->GetArray()) {
      if (const auto inference = ReadInference(resource); inference && entries.size() < limit)
        entries.push_back({inference->id, inference->timestamp_finished});
    }
    if (data->Size() < page_size) break;
  }
  return entries;
}

}  // namespace s2c
