// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "client/base/json.h"
#include "client/http/exchange.h"

namespace s2c {

/// Sends documents to the JSON:API of one service (https://jsonapi.org/format/1.0/#crud) and says
/// in a sentence why one was not taken: kInvalidInput where the server finds it wrong, in its own
/// words, kCredentials, kNotFound, kServer; and see IsInDoubt(). Nothing is sent twice unless the
/// server has certainly not acted on it. Thread-safe.
class DocumentSink {
 public:
  /// `transport` adds the token and must outlive this.
  DocumentSink(Transport& transport, Url api_url);

  /// The server's document of what was made; null where it gives none.
  Result<JsonDocument> Create(const std::string& type, const std::string& document);
  /// The same of what was changed.
  Result<JsonDocument> Change(const std::string& type, std::int64_t id,
                              const std::string& document);
  Status Delete(const std::string& type, std::int64_t id);

  /// Whether the server may have done what the failed request asked for.
  static bool IsInDoubt(const Error& error);

 private:
  Result<JsonDocument> Send(const char* method, const std::string& path,
                            const std::string& document, const std::string& what);
  Result<Response> SendAs(const char* media_type, Request request);

  Transport& transport_;
  const Url api_url_;
  /// The service's deployment may take plain JSON alone (reference of the API: both are in use).
  std::atomic<bool> takes_json_api_{true};
};

}  // namespace s2c
