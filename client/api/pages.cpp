// SPDX-License-Identifier: MIT
#include "client/api/pages.h"

#include <algorithm>
#include <utility>

#include "client/api/resources.h"
#include "client/base/log.h"
#include "client/base/text.h"

namespace s2c {
namespace {

// Pages without anything new that are passed over where they are asked for by number.
constexpr int kMostBarren = 3;
// Bytes of JSON that are kept for a second reading.
constexpr std::size_t kMostKept = std::size_t{8} << 20;

// How much larger than the first one the next pages are (issue 10), and how much smaller one is
// that is asked for in place of a refused one.
constexpr std::size_t kGrowth = 10;
constexpr std::size_t kShrinking = 3;
// Bytes of JSON that a page may be expected to have, to grow: one area of interest can be 190 kB.
constexpr std::size_t kMostGrown = std::size_t{4} << 20;

// Whether fewer rows may help: flask-rest-jsonapi's MAX_PAGE_SIZE, a proxy's patience or limit.
bool IsForSize(const Error& error) {
  return error.kind == ErrorKind::kTooLong || error.http_status == 400 ||
         error.http_status == 413 || error.http_status == 504;
}

}  // namespace

PageReader::PageReader(DocumentSource& source, ListQuery query)
    : source_(source),
      query_(std::move(query)),
      with_fields_(!query_.fields.empty() && source.TakesFields(query_.type)),
      with_filter_(!query_.filter.empty()),
      with_size_(source.takes_page_size()),
      with_include_(query_.with_factbases && source.takes_include()) {}

Parameters PageReader::QueryAt(const Position& position) const {
  // Without a sort the server promises no order, and pages would overlap.
  Parameters query = {{"sort", "-id"}};
  if (with_size_) query.emplace_back("page[size]", std::to_string(SizeAt(position)));
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
  if (!with_include_) return query;
  query.emplace_back("include", "factbase");
  if (with_fields_) query.emplace_back("fields[factbase]", kFactbaseFields);
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
  auto text = FetchFirstWithInclude();
  // It has a largest page (flask-rest-jsonapi's MAX_PAGE_SIZE); its own choice is no larger.
  if (!with_size_ || text || text.error().http_status != 400) return text;
  with_size_ = false;
  auto other = FetchFirstWithInclude();
  if (!other) return text;
  source_.RefusesPageSize();
  return other;
}

Result<std::string> PageReader::FetchFirstWithInclude() {
  with_include_ = query_.with_factbases && source_.takes_include();
  if (!with_include_) return FetchFirstInSize();
  with_fields_ = !query_.fields.empty() && source_.TakesFields(query_.type);
  with_filter_ = !query_.filter.empty();
  auto text = Await(*source_.Start(query_.type, QueryAt(position_)));
  if (text || text.error().http_status != 400) return text;
  with_include_ = false;
  auto other = FetchFirstInSize();
  // Nothing else was left out, so that was it.
  const bool all = with_fields_ == !query_.fields.empty() && with_filter_ == !query_.filter.empty();
  if (other && all) source_.RefusesInclude();
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

// Where a page that has grown is refused, smaller ones, down to the first one's size.
Result<std::string> PageReader::FetchNextInSize() {
  if (!IsUnderWay()) Send();
  auto text = Await(*std::exchange(ahead_.exchange, nullptr));
  bool is_refused = false;
  while (!text && SizeAt(position_) > query_.page_size && IsForSize(text.error())) {
    is_refused = is_refused || text.error().http_status == 400;
    position_.size = std::max(query_.page_size, SizeAt(position_) / kShrinking);
    largest_ = position_.size;
    text = Await(*source_.Start(query_.type, QueryAt(position_)));
  }
  if (text && is_refused) source_.RefusesPagesAbove(largest_);
  return text;
}

Result<std::string> PageReader::Fetch() {
  if (position_.answers == 0) return FetchFirst();
  auto text = FetchNextInSize();
  if (text || text.error().http_status != 400 || position_.number > 0) return text;
  position_.number = NumberAt(position_);
  return Await(*source_.Start(query_.type, QueryAt(position_)));
}

// Of the page by number that has what follows; it may begin with rows that came already.
std::uint64_t PageReader::NumberAt(const Position& position) const {
  const std::uint64_t passed = position.rows / std::max<std::size_t>(first_given_, 1);
  return std::max<std::uint64_t>(passed, 1) + 1;
}

// By number all pages are alike, or rows would be passed over.
std::size_t PageReader::SizeAt(const Position& position) const {
  return position.number > 0 ? query_.page_size : std::max(position.size, query_.page_size);
}

std::size_t PageReader::SizeAfter(const ListAnswer& answer, std::size_t bytes) const {
  const std::size_t row = std::max<std::size_t>(bytes / std::max<std::size_t>(answer.given, 1), 1);
  std::size_t most =
      std::min({query_.page_size * kGrowth, kMostGrown / row, largest_, source_.largest_page()});
  if (query_.limit > position_.rows)
    most = std::min<std::uint64_t>(most, query_.limit - position_.rows);
  return most;
}

void PageReader::Advance(const ListAnswer& answer, std::size_t bytes) {
  const bool by_number = position_.number > 0;
  const bool barren = answer.rows.empty();
  // By id, the count is of what is left; by number, of all.
  const std::uint64_t before = by_number ? (position_.number - 1) * first_given_ : 0;
  const auto asked = with_size_ ? std::make_optional(SizeAt(position_)) : std::nullopt;
  auto count = position_.counts ? answer.BelievedCount(before, asked) : std::nullopt;
  // No row can have come below the last one.
  if (count && !by_number && position_.left && *count > *position_.left) count.reset();
  if (position_.answers == 0) first_given_ = answer.given;
  position_.answers += 1;
  position_.rows += answer.rows.size();
  position_.counts = count.has_value();
  position_.left.reset();
  if (count && !by_number) position_.left = *count - answer.given;
  if (!barren) position_.below = answer.rows.back().id;
  position_.barren = barren ? position_.barren + 1 : 0;
  position_.ended = answer.given == 0 || (count && *count == before + answer.given) ||
                    (barren && position_.doubtful);
  const bool is_full = asked && answer.given >= *asked;
  position_.doubtful = !barren && !is_full && !answer.NamesMore(before);
  if (by_number) {
    position_.number += 1;
  } else if (barren) {
    // By id nothing is below the last one only where the server has not understood the filter: that
    // was the first page again.
    position_.number = NumberAt(position_);
  } else {
    position_.size = SizeAfter(answer, bytes);
  }
  if (position_.ended && position_.all) {
    count_ = position_.rows;
  } else if (position_.answers == 1) {
    count_ = count;
  }
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

Result<PagePtr> PageReader::Take(const JsonDocument& document, std::size_t bytes) {
  auto answer = ListAnswer::Read(*document, query_.type, position_.below);
  if (!answer)
    return Fail(ErrorKind::kProtocol, "'" + source_.api_url().ToString() +
                                          "' does not answer with a list of " + query_.type +
                                          "s; check S2C_API_URL");
  if (answer->unusable && !std::exchange(warned_, true))
    LogWarning("the list of " + query_.type +
               "s has rows without a usable type and id; they are left out");
  const bool is_first = position_.answers == 0;
  const bool was_loose = position_.loose;
  Advance(*answer, bytes);
  // The rows of a list of one page are all there, in whatever order.
  position_.loose = is_first && !answer->in_order && position_.doubtful;
  const bool is_whole = (is_first || was_loose) && position_.ended;
  const bool is_disordered =
      was_loose ? !is_whole : !answer->in_order && !position_.loose && !is_whole;
  // The same rows again and again, or rows that are none.
  const bool is_stuck = position_.barren >= kMostBarren && !position_.ended;
  if (is_disordered || is_stuck) return Lost(!is_disordered && warned_);
  if (is_first) begun_ = true;
  auto page = std::make_shared<Page>();
  page->document = document;
  page->rows = std::move(answer->rows);
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
    auto page = document ? Take(*document, text->size()) : Result<PagePtr>(Pass(document));
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
  // The last answer had nothing new: so the page before was the last.
  is_empty_ = kept_.empty();
  if (!is_empty_ && kept_.back().after.answers == before) kept_.back().after.ended = true;
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
  there.rows = index;
  there.all = false;
  auto text = Await(*source_.Start(query_.type, QueryAt(there)));
  auto document = text ? source_.Parse(*text) : Result<JsonDocument>(Pass(text));
  if (!document) return Pass(document);
  const Position before = std::exchange(position_, there);
  const auto page = Take(*document, text->size());
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
