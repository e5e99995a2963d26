// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "client/base/json.h"
#include "client/http/exchange.h"

namespace s2c {

/// Gets documents from the JSON:API of one service (https://jsonapi.org/format/1.0/, as
/// flask-rest-jsonapi speaks it), and says in a sentence why there is none. Thread-safe.
class DocumentSource {
 public:
  /// `transport` adds the token and must outlive this.
  DocumentSource(Transport& transport, Url api_url);

  /// Whether the server takes sparse fields of this type, as far as is known: one name that it does
  /// not know is enough for none to be asked for, but says nothing of other types. Refuses...() is
  /// for whom asking for less has helped, since a 400 can have other reasons.
  bool TakesFields(const std::string& type) const;
  void RefusesFields(const std::string& type);

  bool takes_include() const { return takes_include_; }
  void RefusesInclude() { takes_include_ = false; }

  /// False once the page size that is asked for has turned out to be too large for the server.
  bool takes_page_size() const { return takes_page_size_; }
  void RefusesPageSize() { takes_page_size_ = false; }

  /// The most rows that a page may have, as far as is known.
  std::size_t largest_page() const { return largest_page_; }
  void RefusesPagesAbove(std::size_t rows) { largest_page_ = rows; }

  Result<std::string> GetText(const std::string& path, const Parameters& query);
  Result<JsonDocument> GetDocument(const std::string& path, const Parameters& query);

  /// The same in steps: what Start() gives is on its way and may be given up.
  std::unique_ptr<Exchange> Start(const std::string& path, const Parameters& query);
  Result<std::string> Await(Exchange& exchange) const;
  Result<JsonDocument> AwaitDocument(Exchange& exchange) const;
  Result<JsonDocument> Parse(const std::string& text) const;

  const Url& api_url() const { return api_url_; }

 private:
  Transport& transport_;
  const Url api_url_;
  mutable std::mutex mutex_;
  std::set<std::string> without_fields_;  ///< types
  std::atomic<bool> takes_include_{true};
  std::atomic<bool> takes_page_size_{true};
  std::atomic<std::size_t> largest_page_{SIZE_MAX};
};

}  // namespace s2c
