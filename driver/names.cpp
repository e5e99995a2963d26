// SPDX-License-Identifier: MIT
#include "driver/names.h"

#include <algorithm>
#include <unordered_set>

#include "client/base/text.h"
#include "client/base/twins.h"
#include "vsi/file_names.h"

namespace s2c {
namespace {

constexpr std::string_view kPrefix = "S2C:";
constexpr const char* kForms =
    "use S2C:ID or S2C:ID:NAME, for example S2C:10424:Cloud_free_composite";

constexpr const char* kSelectionForms =
    "use S2C:mosaic(10424,10431):NAME, or a condition as ogrinfo -where takes it: "
    "S2C:stack(knowledgebase_id = 218):NAME";
constexpr std::size_t kMostNames = 20;

tl::unexpected<Error> NamesNothing(std::string_view text, const std::string& why,
                                   const char* forms) {
  return Fail(ErrorKind::kInvalidInput,
              "'" + UserText(text, 200) + "' names nothing: " + why + "; " + forms);
}

// The place of the parenthesis that closes the one before `text`; quotes are OGR SQL's, whose
// backslash takes a quote's meaning away.
std::size_t ClosingParenthesis(std::string_view text) {
  int depth = 1;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == '\\' && text.substr(i + 1, 1) == std::string_view(&quote, 1)) {
        ++i;
      } else if (c == quote) {
        quote = '\0';
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// Ids with commas between them; nothing where the text is none, which is a condition then.
std::optional<std::vector<std::int64_t>> ParseIds(std::string_view text) {
  std::vector<std::int64_t> ids;
  std::unordered_set<std::int64_t> taken;
  while (true) {
    const std::size_t comma = text.find(',');
    const auto id = ParseUnsigned(Trim(text.substr(0, comma)));
    if (!id || *id > INT64_MAX) return std::nullopt;
    if (taken.insert(static_cast<std::int64_t>(*id)).second)
      ids.push_back(static_cast<std::int64_t>(*id));
    if (comma == std::string_view::npos) return ids;
    text.remove_prefix(comma + 1);
  }
}

// What follows the prefix, where that begins with the name of a kind and a parenthesis.
std::optional<std::pair<Selection::Kind, std::string_view>> TakeKind(std::string_view rest) {
  rest = rest.substr(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  const std::size_t open = rest.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  const std::string_view word = Trim(rest.substr(0, open));
  const bool is_mosaic = EqualIgnoringCase(word, "mosaic");
  if (!is_mosaic && !EqualIgnoringCase(word, "stack")) return std::nullopt;
  return std::pair(is_mosaic ? Selection::Kind::kMosaic : Selection::Kind::kStack,
                   rest.substr(open + 1));
}

Result<ConnectionString> ParseSelection(std::string_view text, Selection::Kind kind,
                                        std::string_view rest) {
  const auto refuse = [&](const char* why) { return NamesNothing(text, why, kSelectionForms); };
  const std::size_t close = ClosingParenthesis(rest);
  if (close == std::string_view::npos) return refuse("its parentheses or quotes do not balance");
  const std::string_view selected = Trim(rest.substr(0, close));
  if (selected.empty()) return refuse("nothing is selected between the parentheses");
  const std::string_view behind = rest.substr(close + 1);
  const std::size_t colon = behind.find_first_not_of(" \t\r\n");
  if (colon == std::string_view::npos || behind[colon] != ':' || colon + 1 == behind.size())
    return refuse("the name of the outputs is missing behind the parentheses");
  ConnectionString parsed;
  parsed.name = std::string(behind.substr(colon + 1));
  parsed.selection = Selection{kind, {}, {}};
  if (auto ids = ParseIds(selected)) {
    parsed.selection->ids = std::move(*ids);
  } else {
    parsed.selection->condition = std::string(selected);
  }
  return parsed;
}

// The second of equal names is "NAME (2)".
auto Numbered(const std::string& stem) {
  return [&stem](int number) {
    return number == 1 ? stem : stem + " (" + std::to_string(number) + ")";
  };
}

}  // namespace

bool IsConnectionString(std::string_view text) {
  return EqualIgnoringCase(text.substr(0, kPrefix.size()), kPrefix);
}

Result<ConnectionString> ParseConnectionString(std::string_view text) {
  const auto refuse = [&](const char* why) { return NamesNothing(text, why, kForms); };
  if (!IsConnectionString(text)) return refuse("it does not begin with S2C:");
  std::string_view rest = text.substr(kPrefix.size());
  if (const auto kind = TakeKind(rest)) return ParseSelection(text, kind->first, kind->second);
  const std::size_t colon = rest.find(':');
  // What a copied name brings with it is nothing (issue 10); NAME is as it is.
  const std::string_view digits = Trim(rest.substr(0, colon));
  ConnectionString parsed;
  if (digits.empty() && colon == std::string_view::npos) return parsed;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return refuse("the id of an inference is a whole number");
  const auto id = ParseUnsigned(digits);
  if (!id || *id > INT64_MAX) return refuse("no inference has an id that large");
  parsed.id = static_cast<std::int64_t>(*id);
  if (colon == std::string_view::npos) return parsed;
  rest.remove_prefix(colon + 1);
  if (rest.empty()) return refuse("the name of the output is missing");
  parsed.name = std::string(rest);
  return parsed;
}

std::string Enumerated(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMostNames) return text + " and more";
    if (i > 0) text += ", ";
    text += "'" + OneLine(names[i], 80) + "'";
  }
  return text;
}

std::string HarmlessName(std::string_view name) {
  constexpr std::string_view kTileIndex = ".gti.";
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') {
      text += "%3C";
    } else if (name[i] == '|') {
      text += "%7C";
    } else if (EqualIgnoringCase(name.substr(i, kTileIndex.size()), kTileIndex)) {
      text += "%2E";
    } else {
      text += name[i];
    }
  }
  return text;
}

std::string FormatConnectionString(std::int64_t id, std::string_view name) {
  return std::string(kPrefix) + std::to_string(id) + ":" + HarmlessName(name);
}

std::vector<std::string> OutputNames(const Inference& inference) {
  std::unordered_set<std::string> taken;
  Twins twins;
  std::vector<std::string> names;
  for (const Output& output : inference.outputs)
    names.push_back(twins.Next(output.name, Numbered(output.name),
                               [&](const std::string& name) { return taken.insert(name).second; }));
  return names;
}

std::vector<std::string> LayerNames(const Inference& inference) {
  std::vector<std::string> outputs = OutputNames(inference);
  std::transform(outputs.begin(), outputs.end(), outputs.begin(), HarmlessName);
  std::unordered_set<std::string> reserved;
  for (const std::string& name : outputs) reserved.insert(FoldCase(name));
  std::unordered_set<std::string> taken;
  Twins twins;
  const auto next = [&](const std::string& stem) {
    return twins.Next(FoldCase(stem), Numbered(stem), [&](const std::string& name) {
      const std::string folded = FoldCase(name);
      return reserved.count(folded) == 0 && taken.insert(folded).second;
    });
  };
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Output& output = inference.outputs[i];
    if (!output.IsTable()) continue;
    names.push_back(taken.insert(FoldCase(outputs[i])).second ? outputs[i]
                                                              : next(HarmlessName(output.name)));
  }
  names.push_back(next(kAreaLayer));
  return names;
}

Result<std::size_t> FindOutput(const Inference& inference, std::string_view name) {
  const std::vector<std::string> names = OutputNames(inference);
  const auto exact = std::find(names.begin(), names.end(), name);
  if (exact != names.end()) return static_cast<std::size_t>(exact - names.begin());
  // Twins of one name are two matches, whatever is added to tell them apart.
  std::vector<std::size_t> alike;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (EqualIgnoringCase(inference.outputs[i].name, name) || EqualIgnoringCase(names[i], name))
      alike.push_back(i);
  }
  if (alike.size() == 1) return alike.front();
  const auto harmless = std::find_if(names.begin(), names.end(),
                                     [&](const auto& one) { return HarmlessName(one) == name; });
  if (harmless != names.end()) return static_cast<std::size_t>(harmless - names.begin());
  const std::string what = "inference " + std::to_string(inference.id) + " has no output '" +
                           UserText(name, 200) + "': ";
  if (names.empty())
    return Fail(ErrorKind::kNotFound, what + "it has no outputs at all; rerun it to get some");
  return Fail(ErrorKind::kNotFound, what + "use one of " + Enumerated(names));
}

}  // namespace s2c
