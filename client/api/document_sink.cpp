// SPDX-License-Identifier: MIT
#include "client/api/document_sink.h"

#include "client/api/answers.h"

namespace s2c {
namespace {

constexpr const char* kJsonApi = "application/vnd.api+json";
constexpr const char* kJson = "application/json";

std::string PathOf(const std::string& type, std::int64_t id) {
  return type + "/" + std::to_string(id);
}

std::string NameOf(const std::string& type, std::int64_t id) {
  return type + " " + std::to_string(id);
}

// What the server says is wrong with the document, or with the moment.
bool IsOfTheDocument(int status) {
  return status == 400 || status == 409 || status == 413 || status == 415 || status == 422;
}

}  // namespace

DocumentSink::DocumentSink(Transport& transport, Url api_url)
    : transport_(transport), api_url_(std::move(api_url)) {}

Result<JsonDocument> DocumentSink::Create(const std::string& type, const std::string& document) {
  return Send("POST", type, document, "a new " + type + " cannot be created");
}

Result<JsonDocument> DocumentSink::Change(const std::string& type, std::int64_t id,
                                          const std::string& document) {
  return Send("PATCH", PathOf(type, id), document, NameOf(type, id) + " cannot be changed");
}

Status DocumentSink::Delete(const std::string& type, std::int64_t id) {
  const auto answer = Send("DELETE", PathOf(type, id), "", NameOf(type, id) + " cannot be deleted");
  return answer ? Status() : Pass(answer);
}

bool DocumentSink::IsInDoubt(const Error& error) {
  if (error.kind == ErrorKind::kInterrupted || error.kind == ErrorKind::kSilent ||
      error.kind == ErrorKind::kProtocol)
    return true;
  return error.http_status == 500 || error.http_status == 502 || error.http_status == 504;
}

Result<Response> DocumentSink::SendAs(const char* media_type, Request request) {
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", media_type);
  return transport_.Send(std::move(request));
}

Result<JsonDocument> DocumentSink::Send(const char* method, const std::string& path,
                                        const std::string& document, const std::string& what) {
  Request request;
  request.method = method;
  request.url = api_url_.Below(path);
  request.headers = {{"Accept", kJsonApi}};
  request.body = document;
  request.is_final = IsNoSuchRow;
  request.repeats_in_doubt = 0;
  const bool as_json_api = takes_json_api_;
  auto response = SendAs(as_json_api ? kJsonApi : kJson, request);
  if (response && response->status == 415 && as_json_api) {
    response = SendAs(kJson, request);
    if (response && response->Ok()) takes_json_api_ = false;
  }
  if (!response) {
    Error error = WithoutAnswer(response.error());
    error.message = what + ": " + error.message;
    return tl::unexpected<Error>(std::move(error));
  }
  const int status = response->status;
  if (status == 401 || status == 403) {
    Error error = LoginRefused(api_url_, "let", *response);
    error.message = what + ": " + error.message;
    return tl::unexpected<Error>(std::move(error));
  }
  if (!response->Ok()) {
    const bool missing = (status == 404 && ParseJson(response->body)) || IsNoSuchRow(*response);
    const ErrorKind kind = missing                   ? ErrorKind::kNotFound
                           : IsOfTheDocument(status) ? ErrorKind::kInvalidInput
                                                     : ErrorKind::kServer;
    return Fail(kind,
                what + ": '" + api_url_.ToString() + "' answered " + ReasonOf(*response) +
                    (kind == ErrorKind::kServer ? "; check S2C_API_URL, or try again later" : ""),
                status);
  }
  // A deletion may be answered without a document, and nobody needs one.
  if (response->body.empty()) return JsonDocument();
  auto read = ParseJson(response->body);
  if (!read && *method != 'D')
    return Fail(ErrorKind::kProtocol, what + ", or was without a word: '" + api_url_.ToString() +
                                          "' does not answer in JSON:API (" + read.error().message +
                                          "); check S2C_API_URL");
  return read ? *read : JsonDocument();
}

}  // namespace s2c
