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

// Long lists are cut: an error is a sentence, not a catalogue.
constexpr std::size_t kMostNames = 20;

std::string Enumerated(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMostNames) return text + " and more";
    if (i > 0) text += ", ";
    text += "'" + OneLine(names[i], 80) + "'";
  }
  return text;
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
  const auto refuse = [&](const char* why) {
    return Fail(ErrorKind::kInvalidInput,
                "'" + UserText(text, 200) + "' names nothing: " + why + "; " + kForms);
  };
  if (!IsConnectionString(text)) return refuse("it does not begin with S2C:");
  std::string_view rest = text.substr(kPrefix.size());
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
