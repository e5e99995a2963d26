// SPDX-License-Identifier: MIT
#include "client/api/documents.h"

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr const char* kMediaType = "application/vnd.api+json";

// JSON:API error objects have a title and a detail; other layers answer in HTML.
std::string Reason(const Response& response) {
  std::string reason = "HTTP " + std::to_string(response.status);
  const auto document = ParseJson(response.body);
  const JsonValue* const errors = document ? Find(**document, "errors") : nullptr;
  if (!errors || !errors->IsArray() || errors->Empty()) return reason;
  for (const char* name : {"title", "detail"}) {
    const auto text = TextAt((*errors)[0], name);
    if (text && !Trim(*text).empty()) reason += ", " + OneLine(*text);
  }
  return reason;
}

// What flask-rest-jsonapi answers for an unknown id when marshmallow-jsonapi is 0.23 or newer: it
// looks for the id of the row that was not found.
bool IsNoSuchRow(const Response& response) {
  return response.status == 500 &&
         response.body.find("'id' is not a valid attribute of None") != std::string::npos;
}

}  // namespace

DocumentSource::DocumentSource(Transport& transport, Url api_url)
    : transport_(transport), api_url_(std::move(api_url)) {}

bool DocumentSource::TakesFields(const std::string& type) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return without_fields_.count(type) == 0;
}

void DocumentSource::RefusesFields(const std::string& type) {
  const std::lock_guard<std::mutex> lock(mutex_);
  without_fields_.insert(type);
}

std::unique_ptr<Exchange> DocumentSource::Start(const std::string& path, const Parameters& query) {
  Request request;
  const Url url = api_url_.Below(path);
  request.url = url.With(url.path(), EncodeParameters(query));
  request.headers = {{"Accept", kMediaType}};
  request.is_final = IsNoSuchRow;
  return transport_.Start(std::move(request));
}

Result<std::string> DocumentSource::Await(Exchange& exchange) const {
  auto response = exchange.Wait();
  if (!response) {
    Error error = response.error();
    // Of a login that failed on the way, the other address was said already.
    const bool is_of_login = error.message.find("S2C_AUTH_URL") != std::string::npos;
    if (!is_of_login && (error.kind == ErrorKind::kUnreachable ||
                         error.kind == ErrorKind::kInterrupted || error.kind == ErrorKind::kSilent))
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
  const bool missing =
      (response->status == 404 && ParseJson(response->body)) || IsNoSuchRow(*response);
  if (!response->Ok())
    return Fail(
        missing ? ErrorKind::kNotFound : ErrorKind::kServer,
        where + " cannot answer (" + Reason(*response) + "); check S2C_API_URL, or try again later",
        response->status);
  return std::move(response->body);
}

Result<JsonDocument> DocumentSource::Parse(const std::string& text) const {
  auto document = ParseJson(text);
  if (!document)
    return Fail(ErrorKind::kProtocol, "'" + api_url_.ToString() +
                                          "' does not answer in JSON:API (" +
                                          document.error().message + "); check S2C_API_URL");
  return document;
}

Result<std::string> DocumentSource::GetText(const std::string& path, const Parameters& query) {
  return Await(*Start(path, query));
}

Result<JsonDocument> DocumentSource::GetDocument(const std::string& path, const Parameters& query) {
  const auto text = GetText(path, query);
  if (!text) return Pass(text);
  return Parse(*text);
}

}  // namespace s2c
