// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "client/api/document_sink.h"
#include "client/api/documents.h"
#include "client/api/pages.h"
#include "client/api/resources.h"

namespace s2c {

/// An inference with what its outputs need: where they lie and what they are of.
struct ResolvedInference {
  Inference inference;
  std::optional<Factbase> factbase;
  std::optional<Knowledgebase> knowledgebase;
};

/// The resources of one service's API. Thread-safe.
class ApiClient {
 public:
  /// `transport` adds the token and must outlive this.
  ApiClient(Transport& transport, Url api_url);

  /// One request where the server takes `include` and `fields`; the area of interest, which makes
  /// up nearly all of a document, is not asked for then. kNotFound for an unknown id.
  /// `meanwhile` is called once the request is on its way.
  Result<ResolvedInference> GetInference(std::int64_t id,
                                         const std::function<void()>& meanwhile = nullptr);

  /// The whole document of an inference as the API gives it, with the area of interest.
  Result<std::string> GetInferenceText(std::int64_t id);

  /// A collection, page by page. The reader must not outlive this.
  PageReader List(ListQuery query) { return PageReader(source_, std::move(query)); }

  /// The document of one resource, with these fields of it where the server takes that; null for an
  /// unknown id.
  Result<JsonDocument> GetResource(const std::string& type, std::int64_t id,
                                   const std::vector<std::string>& fields);

  const Url& url() const { return source_.api_url(); }
  /// Where changes go.
  DocumentSink& sink() { return sink_; }

 private:
  Result<JsonDocument> GetInferenceDocument(std::int64_t id,
                                            const std::function<void()>& meanwhile);
  Status AddFactbase(ResolvedInference& resolved);

  DocumentSource source_;
  DocumentSink sink_;
};

}  // namespace s2c
