// SPDX-License-Identifier: MIT
#include "driver/many/probed_sources.h"

#include <algorithm>
#include <utility>

#include "client/base/log.h"
#include "client/base/text.h"
#include "driver/kept_messages.h"

namespace s2c {
namespace {

// Without what Report() puts before it, and with the name of the source.
std::string ReasonOf(const std::vector<KeptMessage>& messages, const std::string& name) {
  const auto last = std::find_if(messages.rbegin(), messages.rend(),
                                 [](const KeptMessage& message) { return message.IsFailure(); });
  if (last == messages.rend()) return name + " cannot be opened";
  constexpr std::string_view kPrefix = "S2C: ";
  const std::string text = last->text.substr(StartsWith(last->text, kPrefix) ? kPrefix.size() : 0);
  return name + " cannot be opened: " + text;
}

Result<SourceFacts> FactsOf(OpenSources& sources, std::size_t index, References& references,
                            bool ask_units) {
  SourceFacts facts;
  bool is_open = false;
  const auto messages = KeepMessages([&] {
    GDALDataset* const dataset = sources.Take(index);
    if (!dataset) return;
    is_open = true;
    facts = SourceFacts::Of(*dataset, ask_units);
    facts.reference = references.Of(*dataset, sources.at(index).GeoKeys());
    sources.GiveBack(index);
  });
  const std::string name = sources.at(index).name();
  if (!is_open) return Fail(ErrorKind::kProtocol, ReasonOf(messages, name));
  for (const KeptMessage& message : messages) message.Say();
  if (!facts.is_placed || facts.bands.empty())
    return Fail(ErrorKind::kInvalidInput,
                name +
                    " has no place on the ground with north up; leave it out, or warp it with "
                    "gdalwarp");
  return facts;
}

}  // namespace

Result<ProbedSources> Probe(const std::vector<SourcePtr>& sources, bool skip_failed,
                            std::uint64_t most_ahead) {
  ProbedSources probed;
  probed.sources = std::make_shared<OpenSources>(sources, most_ahead);
  std::vector<SourceRead> openings(sources.size());
  for (std::size_t i = 0; i < openings.size(); ++i) openings[i].source = i;
  probed.sources->Expect(std::move(openings));
  std::vector<SourcePtr> good;
  References references;
  std::string last_failure;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    // A millisecond each: what the first one has none of, the others hardly have.
    const bool ask_units = probed.facts.empty() || probed.facts.front().HasUnits();
    auto facts = FactsOf(*probed.sources, i, references, ask_units);
    if (facts) {
      probed.facts.push_back(std::move(*facts));
      good.push_back(sources[i]);
      continue;
    }
    if (!skip_failed) {
      Error error = facts.error();
      error.message += "; SKIP_FAILED=YES leaves it out";
      return tl::unexpected<Error>(std::move(error));
    }
    last_failure = facts.error().message;
    LogWarning(last_failure + "; it is left out (SKIP_FAILED)");
    probed.skipped.push_back(sources[i]->name());
  }
  if (good.empty()) return Fail(ErrorKind::kProtocol, "no source is left: " + last_failure);
  if (!probed.skipped.empty())
    probed.sources = std::make_shared<OpenSources>(std::move(good), most_ahead);
  return probed;
}

}  // namespace s2c
