// SPDX-License-Identifier: MIT
#include "client/jobs/named_resource.h"

#include <algorithm>

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMostCandidates = 10;

struct Titled {
  std::int64_t id;
  std::string title;
};

Result<std::vector<Titled>> ListTitles(Session& session, const std::string& type) {
  std::vector<Titled> found;
  PageReader reader = session.List({type, {"title"}, ""});
  for (;;) {
    const auto page = reader.Next();
    if (!page) return Pass(page);
    if (!*page) return found;
    for (const Row& row : (*page)->rows) {
      const JsonValue* const attributes = Find(*row.resource, "attributes");
      found.push_back({row.id, attributes ? TextAt(*attributes, "title").value_or("") : ""});
    }
  }
}

std::string Listed(const std::vector<Titled>& candidates, const std::string& type) {
  std::string text;
  for (std::size_t i = 0; i < candidates.size() && i < kMostCandidates; ++i)
    text += (i ? ", " : "") + std::to_string(candidates[i].id) + " '" +
            OneLine(candidates[i].title, 80) + "'";
  if (candidates.size() > kMostCandidates)
    text += " and " + std::to_string(candidates.size() - kMostCandidates) +
            " more (ogrinfo S2C: " + type + ")";
  return text;
}

// Those that the user may have meant: whose title has the text in it, else all.
std::vector<Titled> Candidates(const std::vector<Titled>& all, const std::string& text) {
  std::vector<Titled> like;
  const std::string wanted = LowerCase(text);
  for (const Titled& one : all)
    if (LowerCase(one.title).find(wanted) != std::string::npos) like.push_back(one);
  return like.empty() ? all : like;
}

Result<std::int64_t> FindTitle(Session& session, const std::string& type, const std::string& text,
                               const char* option) {
  const auto all = ListTitles(session, type);
  if (!all) return Pass(all);
  for (const bool exactly : {true, false}) {
    std::vector<Titled> found;
    std::copy_if(all->begin(), all->end(), std::back_inserter(found), [&](const Titled& one) {
      return exactly ? one.title == text : EqualIgnoringCase(one.title, text);
    });
    if (found.size() == 1) return found.front().id;
    if (found.size() > 1)
      return Fail(ErrorKind::kInvalidInput, std::string(option) + " '" + OneLine(text) +
                                                "' is the title of several: give the id of one, " +
                                                Listed(found, type));
  }
  const std::string there = all->empty() ? ", and this user has none"
                                         : "; there is " + Listed(Candidates(*all, text), type);
  return Fail(ErrorKind::kInvalidInput,
              "there is no " + type + " '" + OneLine(text) + "' for " + option + there);
}

}  // namespace

Result<NamedResource> FindNamed(Session& session, const std::string& type, const std::string& text,
                                const char* option, std::vector<std::string> attributes) {
  const std::string trimmed(Trim(text));
  if (trimmed.empty())
    return Fail(ErrorKind::kInvalidInput, "no " + type + " to run with: give " + option +
                                              ", by id or by title (ogrinfo S2C: " + type +
                                              " lists them)");
  attributes.emplace_back("title");
  const auto number = ParseUnsigned(trimmed);
  auto id = number && *number <= INT64_MAX ? static_cast<std::int64_t>(*number) : std::int64_t{0};
  JsonDocument document;
  for (const bool by_title : {false, true}) {
    if (by_title) {
      const auto found = FindTitle(session, type, trimmed, option);
      if (!found) return Pass(found);
      id = *found;
    } else if (!number) {
      continue;
    }
    auto read = session.GetResource(type, id, attributes);
    if (!read && read.error().kind != ErrorKind::kNotFound) return Pass(read);
    if (read && *read) {
      document = std::move(*read);
      break;
    }
  }
  const JsonValue* const found = FindAt(document, {"data", "attributes"});
  if (!found || !found->IsObject())
    return Fail(ErrorKind::kProtocol,
                type + " " + std::to_string(id) + " comes without attributes: check S2C_API_URL");
  return NamedResource{id, TextAt(*found, "title").value_or(""), document, found};
}

}  // namespace s2c
