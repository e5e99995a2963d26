// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "client/api/resources.h"
#include "client/http/exchange.h"

namespace s2c {

/// An inference with what its outputs need: where they lie and what they are of.
struct ResolvedInference {
  Inference inference;
  std::optional<Factbase> factbase;
  std::optional<Knowledgebase> knowledgebase;
};

/// What a directory of inferences needs of each.
struct InferenceEntry {
  std::int64_t id = 0;
  Text timestamp_finished;
};

/// The JSON:API of one service (https://jsonapi.org/format/1.0/, as flask-rest-jsonapi speaks it).
/// Thread-safe.
class ApiClient {
 public:
  /// `transport` adds the token and must outlive this.
  ApiClient(Transport& transport, Url api_url);

  /// One request where the server takes `include` and `fields`; the area of interest, which makes
  /// up nearly all of a document, is not asked for then. kNotFound for an unknown id.
  Result<ResolvedInference> GetInference(std::int64_t id);

  /// The whole document of an inference as the API gives it, with the area of interest.
  Result<std::string> GetInferenceText(std::int64_t id);

  /// The newest inferences, at most `limit`, in pages of `page_size`.
  Result<std::vector<InferenceEntry>> ListInferences(std::size_t limit, std::size_t page_size);

 private:
  Result<std::string> GetText(const std::string& path, const Parameters& query);
  Result<JsonDocument> GetDocument(const std::string& path, const Parameters& query);
  Result<JsonDocument> GetInferenceDocument(std::int64_t id);
  Status AddFactbase(ResolvedInference& resolved);

  Transport& transport_;
  const Url api_url_;
  /// How much of JSON:API the server takes; falls when it answers 400, and stays.
  std::atomic<int> level_;
};

}  // namespace s2c
