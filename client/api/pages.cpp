// SPDX-License-Identifier: MIT
#include "client/api/pages.h"

#include <algorithm>
#include <utility>

#include "client/base/log.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Pages without anything new that are passed over where they are asked for by number.
constexpr int kMostBarren = 3;
// Bytes of JSON that are kept for a second reading.
constexpr std::size_t kMostKept = std::size_t{8} << 20;

std::optional<std::uint64_t> CountOf(const JsonValue& document) {
  const JsonValue* const meta = Find(document, "meta");
  const JsonValue* const count = meta ? Find(*meta, "count") : nullptr;
  const auto number = count ? AsId(*count) : std::nullopt;
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

bool IsNewer(const Row& a, const Row& b) { return a.id > b.id; }

struct Found {
  std::vector<Row> rows;  ///< by falling id, each once
  bool in_order = true;   ///< as the server gave them
  bool unusable = false;  ///< there are others
};

// The rows below an id.
Found RowsOf(const JsonValue& data, std::optional<std::int64_t> below, const std::string& type) {
  Found found;
  std::vector<Row>& rows = found.rows;
  std::optional<std::int64_t> last;
  for (const JsonValue& resource : data.GetArray()) {
    const JsonValue* const value = Find(resource, "id");
    const auto id = value ? AsId(*value) : std::nullopt;
    if (!id || TextAt(resource, "type") != type) {
      found.unusable = true;
      continue;
    }
    // Of the rows that are left out as well: they may be why one is missing.
    if (last && *id > *last) found.in_order = false;
    last = *id;
    if (!below || *id < *below) rows.push_back({*id, &resource});
  }
  std::stable_sort(rows.begin(), rows.end(), IsNewer);
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return a.id == b.id; }),
             rows.end());
  return found;
}

}  // namespace

PageReader::PageReader(DocumentSource& source, ListQuery query)
    : source_(source),
      query_(std::move(query)),
      with_fields_(!query_.fields.empty() && source.TakesFields(query_.type)),
      with_filter_(!query_.filter.empty()),
      with_size_(source.takes_page_size()) {}

Parameters PageReader::QueryAt(const Position& position) const {
  // Without a sort the server promises no order, and pages would overlap.
  Parameters query = {{"sort", "-id"}};
  if (with_size_) query.emplace_back("page[size]", std::to_string(query_.page_size));
  std::string filter = with_filter_ ? query_.filter : "";
  if (position.number > 0) {
    query.emplace_back("page[number]", std::to_string(position.number));
  } else if (position.below) {
    const std::string older =
        R"([{"name":"id","op":"lt","val":)" + std::to_string(*position.below) + "}";
    filter = older + (filter.empty() ? "]" : "," + filter.substr(1));
  }
  if (!filter.empty()) query.emplace_back("filter", filter);
  if (with_fields_) query.emplace_back("fields[" + query_.type + "]", Joined(query_.fields));
  return query;
}

Result<std::string> PageReader::Await(Exchange& exchange) const {
  auto text = source_.Await(exchange);
  if (!text && text.error().kind == ErrorKind::kTooLong && query_.page_size > 1)
    text.error().message += "; set a smaller S2C_PAGE_SIZE";
  return text;
}

// What the server refuses is not named reliably, so it is found out.
Result<std::string> PageReader::FetchFirst() {
  with_size_ = source_.takes_page_size();
  auto text = FetchFirstInSize();
  // It has a largest page (flask-rest-jsonapi's MAX_PAGE_SIZE); its own choice is no larger.
  if (!with_size_ || text || text.error().http_status != 400) return text;
  with_size_ = false;
  auto other = FetchFirstInSize();
  if (!other) return text;
  source_.RefusesPageSize();
  return other;
}

Result<std::string> PageReader::FetchFirstInSize() {
  struct Attempt {
    bool fields, filter;
  };
  const bool fields = !query_.fields.empty() && source_.TakesFields(query_.type);
  bool filter = !query_.filter.empty();
  for (const Attempt attempt : {Attempt{true, true}, {false, true}, {true, false}}) {
    if ((attempt.fields && !fields) || attempt.filter != filter) continue;
    with_fields_ = attempt.fields;
    with_filter_ = attempt.filter;
    auto text = Await(*source_.Start(query_.type, QueryAt(position_)));
    if (text && fields && !attempt.fields) source_.RefusesFields(query_.type);
    // Before 0.31 a filter that the database does not like is an internal error.
    const int status = text ? 200 : text.error().http_status;
    if (status != 400 && !(status == 500 && filter)) return text;
    if (status == 500 || !attempt.fields) filter = false;
  }
  with_fields_ = with_filter_ = false;
  auto text = Await(*source_.Start(query_.type, QueryAt(position_)));
  if (text && fields) source_.RefusesFields(query_.type);
  return text;
}

Result<std::string> PageReader::Fetch() {
  if (position_.answers == 0) return FetchFirst();
  if (!IsUnderWay()) Send();
  auto text = Await(*std::exchange(ahead_.exchange, nullptr));
  if (text || text.error().http_status != 400 || position_.number > 0) return text;
  position_.number = position_.answers + 1;
  return Await(*source_.Start(query_.type, QueryAt(position_)));
}

void PageReader::Advance(const Page& page, std::size_t rows, std::optional<std::uint64_t> count) {
  const bool by_number = position_.number > 0;
  const bool barren = page.rows.empty();
  // By id nothing is below the last one only where the server has not understood the filter: that
  // was the first page again.
  const bool again = barren && !by_number && position_.answers > 0;
  if (by_number) {
    position_.number += 1;
  } else if (barren) {
    position_.number = std::max<std::uint64_t>(position_.answers, 1) + 1;
  }
  position_.answers += 1;
  if (!again) position_.rows += rows;
  if (!barren) position_.below = page.rows.back().id;
  position_.barren = barren ? position_.barren + 1 : 0;
  // By id, the count is of what is left; by number, of all.
  const std::uint64_t passed = by_number ? position_.rows : rows;
  position_.ended = rows == 0 || (count ? passed >= *count : with_size_ && rows < query_.page_size);
}

// What is missing then cannot be known.
Result<PagePtr> PageReader::Lost(bool has_strange_rows) const {
  const std::string list = "its list of " + query_.type + "s";
  return Fail(ErrorKind::kProtocol,
              "'" + source_.api_url().ToString() + "' does not " +
                  (has_strange_rows ? "name type and id of what " + list + " has"
                                    : "give " + list + " in order") +
                  ", so that it cannot be read to its end; check S2C_API_URL, or try again later");
}

Result<PagePtr> PageReader::Take(const JsonDocument& document) {
  const JsonValue* const data = Find(*document, "data");
  if (!data || !data->IsArray())
    return Fail(ErrorKind::kProtocol, "'" + source_.api_url().ToString() +
                                          "' does not answer with a list of " + query_.type +
                                          "s; check S2C_API_URL");
  const auto count = CountOf(*document);
  const bool is_first = position_.answers == 0;
  auto page = std::make_shared<Page>();
  page->document = document;
  Found found = RowsOf(*data, position_.below, query_.type);
  page->rows = std::move(found.rows);
  if (found.unusable && !std::exchange(warned_, true))
    LogWarning("the list of " + query_.type +
               "s has rows without a usable type and id; they are left out");
  Advance(*page, data->Size(), count);
  // The rows of a list of one page are all there, in whatever order.
  const bool is_disordered = !found.in_order && !(is_first && position_.ended);
  // The same rows again and again, or rows that are none.
  const bool is_stuck = position_.barren >= kMostBarren && !position_.ended;
  if (is_disordered || is_stuck) return Lost(!is_disordered && warned_);
  if (is_first) {
    begun_ = true;
    count_ = count;
  }
  return PagePtr(std::move(page));
}

Result<PagePtr> PageReader::Next() {
  if (sought_) return std::exchange(sought_, nullptr);
  if (place_ < kept_.size()) {
    position_ = kept_[place_].after;
    return kept_[place_++].page;
  }
  if (position_.ended) return PagePtr();
  const std::uint64_t before = position_.answers;
  while (!position_.ended) {
    auto text = Fetch();
    auto document = text ? source_.Parse(*text) : Result<JsonDocument>(Pass(text));
    auto page = document ? Take(*document) : Result<PagePtr>(Pass(document));
    if (!page) {
      position_.ended = true;
      return page;
    }
    if (before > 0) Prefetch();
    if ((*page)->rows.empty()) continue;
    const bool follows = kept_.empty() || kept_.back().after.answers == before;
    if (follows && (kept_.empty() || kept_size_ + text->size() <= kMostKept)) {
      kept_.push_back({*page, position_});
      kept_size_ += text->size();
      place_ = kept_.size();
    }
    return page;
  }
  is_empty_ = kept_.empty();
  return PagePtr();
}

void PageReader::Prefetch() {
  const bool wanted = query_.limit == 0 || position_.rows < query_.limit;
  if (position_.answers == 0 || position_.ended || !wanted || place_ < kept_.size()) return;
  if (!IsUnderWay()) Send();
}

bool PageReader::IsUnderWay() const {
  return ahead_.exchange && ahead_.answers == position_.answers && ahead_.below == position_.below;
}

void PageReader::Send() {
  ahead_ = {position_.answers, position_.below, source_.Start(query_.type, QueryAt(position_))};
}

// Among the pages that were kept; else takes their rows off the index.
std::optional<std::size_t> PageReader::SeekKept(std::uint64_t& index) {
  for (; place_ < kept_.size(); ++place_) {
    const std::size_t rows = kept_[place_].page->rows.size();
    if (index < rows) return static_cast<std::size_t>(index);
    index -= rows;
    position_ = kept_[place_].after;
  }
  return std::nullopt;
}

// Fetches the page that begins at `index` by its number; false where it is not as expected.
Result<bool> PageReader::Jump(std::uint64_t index) {
  ahead_ = {};
  Position there;
  there.number = index / query_.page_size + 1;
  there.answers = index / query_.page_size;
  auto text = Await(*source_.Start(query_.type, QueryAt(there)));
  auto document = text ? source_.Parse(*text) : Result<JsonDocument>(Pass(text));
  if (!document) return Pass(document);
  const Position before = std::exchange(position_, there);
  const auto page = Take(*document);
  const std::uint64_t expected = std::min<std::uint64_t>(query_.page_size, *count_ - index);
  if (!page || (*page)->rows.size() != expected) {
    position_ = before;
    return false;
  }
  // From here on by the last id again.
  position_.number = 0;
  position_.ended = index + expected >= *count_;
  sought_ = *page;
  return true;
}

Result<std::optional<std::size_t>> PageReader::Seek(std::uint64_t index) {
  using Place = std::optional<std::size_t>;
  Rewind();
  if (!begun_) {
    const auto first = Next();
    if (!first) return Pass(first);
    Rewind();
  }
  if (count_ && index >= *count_) {
    place_ = kept_.size();
    position_.ended = true;
    return Place();
  }
  std::uint64_t rest = index;
  if (const Place place = SeekKept(rest)) return place;
  const bool regular = !kept_.empty() && count_ && with_size_ && position_.number == 0 &&
                       kept_.front().page->rows.size() == query_.page_size;
  if (regular) {
    const std::uint64_t first = index - index % query_.page_size;
    const auto there = Jump(first);
    if (!there) return Pass(there);
    if (*there) return Place(index - first);
  }
  for (;;) {
    auto page = Next();
    if (!page) return Pass(page);
    if (!*page) return Place();
    if (rest < (*page)->rows.size()) {
      sought_ = *page;
      return Place(rest);
    }
    rest -= (*page)->rows.size();
  }
}

void PageReader::Rewind() {
  sought_.reset();
  place_ = 0;
  position_ = Position{};
  position_.ended = is_empty_;
  // With no page kept there is none at all, or none is left after a failure.
  if (kept_.empty()) ahead_ = {};
}

}  // namespace s2c
