// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "client/base/json.h"
#include "client/http/exchange.h"

namespace s2c {

/// Gets documents from the JSON:API of one service (https://jsonapi.org/format/1.0/, as
/// flask-rest-jsonapi speaks it), and says in a sentence why there is none. Thread-safe.
class DocumentSource {
 public:
  /// How much of JSON:API a server takes.
  enum Level { kPlain = 0, kInclude = 1, kIncludeAndFields = 2 };

  /// `transport` adds the token and must outlive this.
  DocumentSource(Transport& transport, Url api_url);

  /// The level that is known so far; Lower() is for whom asking for less has helped, since a 400
  /// can have other reasons.
  int level() const { return level_; }
  void Lower(int level) {
    if (level < level_) level_ = level;
  }
  bool TakesFields() const { return level_ >= kIncludeAndFields; }

  /// False once the page size that is asked for has turned out to be too large for the server.
  bool takes_page_size() const { return takes_page_size_; }
  void RefusesPageSize() { takes_page_size_ = false; }

  Result<std::string> GetText(const std::string& path, const Parameters& query);
  Result<JsonDocument> GetDocument(const std::string& path, const Parameters& query);

  /// The same in steps: what Start() gives is on its way and may be given up.
  std::unique_ptr<Exchange> Start(const std::string& path, const Parameters& query);
  Result<std::string> Await(Exchange& exchange) const;
  Result<JsonDocument> Parse(const std::string& text) const;

  const Url& api_url() const { return api_url_; }

 private:
  Transport& transport_;
  const Url api_url_;
  std::atomic<int> level_{kIncludeAndFields};
  std::atomic<bool> takes_page_size_{true};
};

}  // namespace s2c
