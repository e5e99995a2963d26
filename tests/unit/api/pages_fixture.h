// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "client/api/pages.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c::testing_support {

using Ids = std::vector<std::int64_t>;

/// A collection on a server, with what servers do differently.
struct FakeList {
  std::set<std::int64_t> ids;
  std::size_t largest_page = 1000;
  bool takes_fields = true;
  bool takes_filters = true;
  bool ignores_filters = false;
  std::size_t refused_page = 1001;  ///< and larger ones, with refusal
  int refusal = 400;
  bool counts = true;
  std::string counted;      ///< the JSON of meta.count, in place of what is right
  bool links = false;       ///< names the next and the last page
  std::size_t padding = 0;  ///< bytes more for each row
  bool sorts = true;

  static Ids Below(const JsonValue& filter, Ids ids) {
    for (const JsonValue& node : filter.GetArray()) {
      if (std::string(node["name"].GetString()) != "id") continue;
      EXPECT_STREQ(node["op"].GetString(), "lt");
      const std::int64_t limit = node["val"].GetInt64();
      ids.erase(std::remove_if(ids.begin(), ids.end(), [&](auto id) { return id >= limit; }),
                ids.end());
    }
    return ids;
  }

  Result<Response> operator()(const Request& request) const {
    const std::string fields = QueryValue(request.url, "fields[inference]");
    const std::string filter = QueryValue(request.url, "filter");
    if (fields != "(absent)" && !takes_fields) return Answer(400);
    if (filter != "(absent)" && !takes_filters) return Answer(400);
    EXPECT_EQ(QueryValue(request.url, "sort"), "-id");
    Ids found(ids.begin(), ids.end());
    if (sorts) std::reverse(found.begin(), found.end());
    if (filter != "(absent)" && !ignores_filters) found = Below(*MakeJson(filter), found);
    const std::string number = QueryValue(request.url, "page[number]");
    const std::string asked = QueryValue(request.url, "page[size]");
    const std::size_t wanted = asked == "(absent)" ? 3 : std::stoul(asked);
    if (wanted >= refused_page) return Answer(refusal);
    const std::size_t size = std::min(largest_page, wanted);
    const std::size_t first = number == "(absent)" ? 0 : (std::stoul(number) - 1) * size;
    std::string rows;
    Ids page;
    for (std::size_t i = first; i < std::min(found.size(), first + size); ++i)
      page.push_back(found[i]);
    for (const std::int64_t id : page)
      rows += std::string(rows.empty() ? "" : ",") + R"({"type": "inference", "id": )" +
              std::to_string(id) + R"(, "padding": ")" + std::string(padding, ' ') + "\"}";
    const std::string count = counted.empty() ? std::to_string(found.size()) : counted;
    const std::string meta = counts ? R"(, "meta": {"count": )" + count + "}" : "";
    const std::string next = links ? LinksOf(found.size(), first, size) : "";
    return Answer(200, "{\"data\": [" + rows + "]" + meta + next + "}");
  }

  static std::string LinksOf(std::size_t found, std::size_t first, std::size_t size) {
    const auto link = [](const std::string& name, std::size_t number) {
      return "\"" + name + R"(": "http://api.example/v1/inference?page%5Bnumber%5D=)" +
             std::to_string(number) + "&sort=-id\"";
    };
    if (found <= size) return "";
    const std::string last = link("last", (found + size - 1) / size);
    const bool ends = first + size >= found;
    return R"(, "links": {)" + last + (ends ? "" : "," + link("next", first / size + 2)) + "}";
  }
};

class Pages : public ::testing::Test {
 protected:
  Pages() {
    transport_.AnswerBy([this](const Request& request) { return list_(request); });
  }

  void Fill(std::int64_t first, std::int64_t last) {
    for (std::int64_t id = first; id <= last; ++id) list_.ids.insert(id);
  }

  PageReader Reader(std::size_t page_size, const std::string& filter = "") {
    return PageReader(source_, {"inference", {"status"}, filter, page_size, 0});
  }

  static Ids IdsOf(const PagePtr& page) {
    Ids ids;
    for (const Row& row : page->rows) ids.push_back(row.id);
    return ids;
  }

  /// All that is left to read.
  static Ids Drain(PageReader& reader) {
    Ids ids;
    for (int page = 0; page < 1000; ++page) {
      const auto next = reader.Next();
      EXPECT_EQ(MessageOf(next), "");
      if (!next || !*next) return ids;
      EXPECT_THAT((*next)->rows, ::testing::Not(::testing::IsEmpty()));
      const Ids more = IdsOf(*next);
      ids.insert(ids.end(), more.begin(), more.end());
    }
    ADD_FAILURE() << "the list has no end";
    return ids;
  }

  static Ids Falling(std::int64_t last, std::int64_t first) {
    Ids ids;
    for (std::int64_t id = last; id >= first; --id) ids.push_back(id);
    return ids;
  }

  std::string Query(std::size_t request, const std::string& name) const {
    return QueryValue(transport_.requests().at(request).url, name);
  }

  FakeList list_;
  FakeTransport transport_;
  DocumentSource source_{transport_, MakeUrl("https://api.example/v1")};
};

}  // namespace s2c::testing_support
