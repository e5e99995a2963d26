// SPDX-License-Identifier: MIT
#include "client/inference_listing.h"

#include <algorithm>
#include <utility>

namespace s2c {
namespace {

ListQuery QueryOf(const Session& session, Detail detail, std::string filter, std::uint64_t limit) {
  ListQuery query;
  query.type = "inference";
  query.fields = {"timestamp_finished"};
  if (detail == Detail::kFiles)
    query.fields.insert(query.fields.end(), {"status", "output", "qgis_project_location"});
  query.filter = std::move(filter);
  query.page_size = session.settings().page_size;
  if (limit > 0) query.page_size = std::min<std::size_t>(query.page_size, limit);
  query.limit = limit;
  return query;
}

}  // namespace

InferenceListing::InferenceListing(std::shared_ptr<Session> session, Detail detail,
                                   std::string filter, std::uint64_t limit)
    : session_(std::move(session)),
      detail_(detail),
      reading_(session_->TakeReading(QueryOf(*session_, detail, std::move(filter), limit))) {}

InferenceListing::~InferenceListing() {
  if (!failed_) session_->KeepReading(std::move(reading_));
}

Result<InferencePtr> InferenceListing::Next() {
  if (!page_ || place_ == page_->rows.size()) {
    auto page = reading_.reader->Next();
    failed_ = !page;
    if (!page) return Pass(page);
    if (!*page) return InferencePtr();
    page_ = std::move(*page);
    place_ = 0;
  }
  const Row& row = page_->rows[place_++];
  auto resolved = std::make_shared<ResolvedInference>();
  // A row that is broken otherwise is there nevertheless, and opening it says what is wrong.
  if (auto inference = ReadInference(*row.resource)) resolved->inference = std::move(*inference);
  resolved->inference.id = row.id;
  // What is some seconds old already tells nobody how the run goes on.
  session_->Remember(resolved, is_again() ? Detail::kExistence : detail_);
  return InferencePtr(std::move(resolved));
}

}  // namespace s2c
