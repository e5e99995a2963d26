// SPDX-License-Identifier: MIT
#include "client/api/failure.h"

#include <algorithm>
#include <cctype>

#include "client/base/text.h"

namespace s2c {
namespace {

struct Code {
  int number;
  const char* advice;
};

constexpr const char* kSmaller =
    "the run took longer than the service allows: take a smaller area, a shorter time or a larger "
    "output scale factor";

// 4101 and above come from the engine. The others are the web application's; an engine may borrow
// them.
constexpr Code kCodes[] = {
    {1100, "the service cannot do this yet: ask at https://forum.sen2cube.at"},
    {2302, "nothing was entered: give an area of interest, a time range, a factbase and a model"},
    {2303, "what was entered is not understood: check area of interest, dates and scale factor"},
    {2304, "no factbase was chosen: choose one"},
    {2305, "a setting is missing: give an area of interest, a time range, a factbase and a model"},
    {2306, "the area of interest must have EPSG:4326 coordinates: reproject it"},
    {2307, "the area of interest must be a GeoJSON FeatureCollection of points, lines or polygons"},
    {2308, "coordinates of the area of interest are not degrees of longitude and latitude"},
    {2309, "the project could not be looked up: try again later"},
    {2370, "the login went wrong: log in anew"},
    {2372, "the login has run out: log in anew"},
    {2373, "the terms of use are not accepted yet: log in to the web application once"},
    {2374, "this account may not do that: ask the owner of the project"},
    {2381, "the project is closed for changes: choose another one"},
    {2401, "the model cannot be evaluated: check it in the web application"},
    {2403, "there is no such model: choose another knowledgebase"},
    {2405, "a block of the model lacks what it works on: complete it in the web application"},
    {2407,
     "the model has a block that the service does not know: save it anew from the web "
     "application"},
    {2408, "inferences still use the model: delete those first"},
    {2502, "the result has no data: check the model and the area of interest"},
    {2503, "the result has a coordinate system that is not known: rerun it"},
    {2504, "the result's address is wrong: rerun it"},
    {2506, "the result has no data: check the model and the area of interest"},
    {4101,
     "the factbase has no data for this area and time: choose both within its footprint and "
     "its dates"},
    {4102, "the start lies outside the factbase's dates, or behind the end: change it"},
    {4103, "the end lies outside the factbase's dates, or before the start: change it"},
    {4201, "somebody aborted it: rerun it"},
    {4203, kSmaller},
    {4204, kSmaller},
    {4301, "the factbase does not say whether it works: try again later"},
    {4302, "the factbase is being maintained: rerun it later"},
    {4303, "the factbase is switched off: choose another one, or ask its owner"},
    {4304, "the factbase gives no information about itself: try again later"},
};

// Those that say only that something in the web application went wrong.
constexpr int kOtherCodes[] = {2101, 2102, 2103, 2104, 2201, 2202, 2203, 2204, 2205, 2206, 2207,
                               2208, 2220, 2221, 2222, 2301, 2371, 2402, 2406, 2501, 2505};
constexpr const char* kOtherAdvice =
    "the web application has met a problem of its own: try again there, or ask at "
    "https://forum.sen2cube.at";

struct Phrase {
  const char* text;
  const char* advice;
};

// What the engine's exceptions contain; the first that is found counts.
constexpr Phrase kPhrases[] = {
    {"remaining connection slots are reserved",
     "the factbase's database had no connection free: rerun it later"},
    {"OperationalError", "the factbase's database could not be reached: rerun it later"},
    {"zero-size array to reduction operation",
     "nothing was selected: choose an area of interest and a time range for which the factbase has "
     "data, and check the model's filters"},
    {"MemoryError",
     "the engine ran out of memory: take a smaller area, a shorter time or a larger "
     "output scale factor"},
    {"Evaluation failed at",
     "the model could not be evaluated: check it, and area of interest and time range"},
};

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && EqualIgnoringCase(text.substr(text.size() - end.size()), end);
}

// Whether a number that stands between `before` and `after` is meant as a code: "ERROR:4203",
// "Error code 4203", "#4203", "[4203]", or "4203" at the beginning. Any other is a count or a size.
bool IsCodeBetween(std::string_view before, std::string_view after) {
  if (!after.empty() && IsWordCharacter(after.front())) return false;
  if (!before.empty() && !after.empty()) {
    const char open = before.back(), close = after.front();
    if ((open == '[' && close == ']') || (open == '(' && close == ')')) return true;
  }
  if (EndsWith(before, "#")) return true;
  while (!before.empty() && !IsWordCharacter(before.back())) before.remove_suffix(1);
  if (before.empty()) return after.empty() || after.front() == ':';
  return EndsWith(before, "error") || EndsWith(before, "code");
}

const char* AdviceFor(std::uint64_t number) {
  for (const Code& code : kCodes)
    if (number == static_cast<std::uint64_t>(code.number)) return code.advice;
  for (const int other : kOtherCodes)
    if (number == static_cast<std::uint64_t>(other)) return kOtherAdvice;
  return nullptr;
}

std::optional<std::string> ExplainCode(std::string_view message) {
  for (std::size_t begin = 0; begin < message.size();) {
    if (!IsDigit(message[begin])) {
      ++begin;
      continue;
    }
    const auto end = static_cast<std::size_t>(
        std::find_if_not(message.begin() + static_cast<std::ptrdiff_t>(begin), message.end(),
                         IsDigit) -
        message.begin());
    const auto number = ParseUnsigned(message.substr(begin, end - begin));
    const char* const advice = number ? AdviceFor(*number) : nullptr;
    if (advice && IsCodeBetween(message.substr(0, begin), message.substr(end)))
      return std::string(advice) +
             " (https://manual.sen2cube.at/error-codes.html#ERROR:" + std::to_string(*number) + ")";
    begin = end;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ExplainFailure(std::string_view message) {
  if (auto explained = ExplainCode(message)) return explained;
  for (const Phrase& phrase : kPhrases)
    if (message.find(phrase.text) != std::string_view::npos) return phrase.advice;
  return std::nullopt;
}

}  // namespace s2c
