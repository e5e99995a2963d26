// SPDX-License-Identifier: MIT
#include "client/api/documents.h"

#include "client/api/answers.h"

namespace s2c {
namespace {

constexpr const char* kMediaType = "application/vnd.api+json";

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
  request.is_flawed = IsSpoiled;
  return transport_.Start(std::move(request));
}

Result<std::string> DocumentSource::Await(Exchange& exchange) const {
  auto response = exchange.Wait();
  if (!response) return tl::unexpected<Error>(WithoutAnswer(response.error()));
  const std::string where = "'" + api_url_.ToString() + "'";
  if (response->status == 401 || response->status == 403)
    return tl::unexpected<Error>(LoginRefused(api_url_, "accept", *response));
  // A 404 of the API is a JSON:API document; any other comes from a server that is not the API.
  const bool missing =
      (response->status == 404 && ParseJson(response->body)) || IsNoSuchRow(*response);
  if (!response->Ok())
    return Fail(missing ? ErrorKind::kNotFound : ErrorKind::kServer,
                where + " cannot answer (" + ReasonOf(*response) +
                    "); check S2C_API_URL, or try again later",
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
  return AwaitDocument(*Start(path, query));
}

Result<JsonDocument> DocumentSource::AwaitDocument(Exchange& exchange) const {
  const auto text = Await(exchange);
  if (!text) return Pass(text);
  return Parse(*text);
}

}  // namespace s2c
