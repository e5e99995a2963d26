// SPDX-License-Identifier: MIT
#include "driver/names.h"

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::string_view kPrefix = "S2C:";
constexpr const char* kForms =
    "use S2C:ID or S2C:ID:NAME, for example S2C:10424:Cloud_free_composite";

// Long lists are cut: an error is a sentence, not a catalogue.
constexpr std::size_t kMostNames = 20;

std::string NamesOf(const Inference& inference) {
  std::string names;
  for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
    if (i == kMostNames) return names + " and more";
    if (i > 0) names += ", ";
    names += "'" + OneLine(inference.outputs[i].name, 80) + "'";
  }
  return names;
}

}  // namespace

bool IsConnectionString(std::string_view text) {
  return EqualIgnoringCase(text.substr(0, kPrefix.size()), kPrefix);
}

Result<ConnectionString> ParseConnectionString(std::string_view text) {
  const auto refuse = [&](const char* why) {
    return Fail(ErrorKind::kInvalidInput,
                "'" + OneLine(text, 200) + "' names nothing: " + why + "; " + kForms);
  };
  if (!IsConnectionString(text)) return refuse("it does not begin with S2C:");
  std::string_view rest = text.substr(kPrefix.size());
  ConnectionString parsed;
  if (rest.empty()) return parsed;
  const std::size_t colon = rest.find(':');
  const auto id = ParseUnsigned(rest.substr(0, colon));
  if (!id) return refuse("the id of an inference is a whole number");
  if (*id > INT64_MAX) return refuse("no inference has an id that large");
  parsed.id = static_cast<std::int64_t>(*id);
  if (colon == std::string_view::npos) return parsed;
  rest.remove_prefix(colon + 1);
  if (rest.empty()) return refuse("the name of the output is missing");
  parsed.name = std::string(rest);
  return parsed;
}

std::string FormatConnectionString(std::int64_t id, std::string_view name) {
  return std::string(kPrefix) + std::to_string(id) + ":" + std::string(name);
}

Result<std::size_t> FindOutput(const Inference& inference, std::string_view name) {
  const auto& outputs = inference.outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].name == name) return i;
  }
  std::optional<std::size_t> found;
  std::size_t matches = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!EqualIgnoringCase(outputs[i].name, name)) continue;
    found = i;
    ++matches;
  }
  if (matches == 1) return *found;
  const std::string where = "inference " + std::to_string(inference.id);
  if (outputs.empty())
    return Fail(ErrorKind::kNotFound, where + " has no output '" + OneLine(name, 200) +
                                          "': it has no outputs at all; rerun it to get some");
  return Fail(ErrorKind::kNotFound, where + " has no output '" + OneLine(name, 200) +
                                        "': use one of " + NamesOf(inference));
}

}  // namespace s2c
