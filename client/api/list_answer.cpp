// SPDX-License-Identifier: MIT
#include "client/api/list_answer.h"

#include <algorithm>
#include <string_view>

#include "client/base/text.h"
#include "client/base/url.h"

namespace s2c {
namespace {

bool IsNewer(const Row& a, const Row& b) { return a.id > b.id; }

std::optional<std::uint64_t> CountOf(const JsonValue& document) {
  const JsonValue* const meta = Find(document, "meta");
  const JsonValue* const count = meta ? Find(*meta, "count") : nullptr;
  const auto number = count ? AsId(*count) : std::nullopt;
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

// A link of the list; JSON:API has it as a text or as an object with `href`.
std::optional<std::string> LinkOf(const JsonValue& document, const char* name) {
  const JsonValue* const links = Find(document, "links");
  const JsonValue* const link = links ? Find(*links, name) : nullptr;
  if (!link || link->IsNull()) return std::nullopt;
  return link->IsObject() ? TextAt(*link, "href") : AsText(*link);
}

// The page[number] of a link.
std::optional<std::uint64_t> PageOf(const std::optional<std::string>& link) {
  constexpr std::string_view kName = "page[number]=";
  const std::string text = link ? PercentDecode(*link) : "";
  const std::size_t place = text.rfind(kName);
  if (place == std::string::npos) return std::nullopt;
  const std::string_view number = std::string_view(text).substr(place + kName.size());
  return ParseUnsigned(number.substr(0, number.find('&')));
}

}  // namespace

std::optional<ListAnswer> ListAnswer::Read(const JsonValue& document, const std::string& type,
                                           std::optional<std::int64_t> below) {
  const JsonValue* const data = Find(document, "data");
  if (!data || !data->IsArray()) return std::nullopt;
  ListAnswer answer;
  answer.given = data->Size();
  answer.count_ = CountOf(document);
  answer.has_next = LinkOf(document, "next").has_value();
  answer.last_page_ = PageOf(LinkOf(document, "last"));
  std::vector<Row>& rows = answer.rows;
  std::optional<std::int64_t> last;
  for (const JsonValue& resource : data->GetArray()) {
    const JsonValue* const value = Find(resource, "id");
    const auto id = value ? AsId(*value) : std::nullopt;
    if (!id || TextAt(resource, "type") != type) {
      answer.unusable = true;
      continue;
    }
    // Of the rows that are left out as well: they may be why one is missing.
    if (last && *id > *last) answer.in_order = false;
    last = *id;
    if (!below || *id < *below) rows.push_back({*id, &resource});
  }
  std::stable_sort(rows.begin(), rows.end(), IsNewer);
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return a.id == b.id; }),
             rows.end());
  return answer;
}

std::optional<std::uint64_t> ListAnswer::BelievedCount(std::uint64_t before,
                                                       std::optional<std::size_t> asked) const {
  const std::uint64_t came = before + given;
  if (!count_ || *count_ < came) return std::nullopt;
  if (*count_ == came) return has_next ? std::nullopt : count_;
  // Fewer than were asked for, and no word of more.
  if (!has_next && asked && given < *asked) return std::nullopt;
  // What came is a whole page of the server's, of whatever size.
  const std::uint64_t pages = given > 0 ? (*count_ + given - 1) / given : 0;
  if (last_page_ && *last_page_ != pages) return std::nullopt;
  return count_;
}

}  // namespace s2c
