// SPDX-License-Identifier: MIT
#include "vsi/directory.h"

#include <algorithm>

#include "client/base/iso_time.h"
#include "client/base/url.h"
#include "vsi/file_names.h"

namespace s2c {
namespace {

std::vector<DirectoryEntry> AllEntries(const ResolvedInference& resolved) {
  const Inference& inference = resolved.inference;
  std::vector<DirectoryEntry> entries;
  FileNames names;
  // First, so that no output can take its name; last in the list.
  const std::string document = names.Take(kDocumentName, "");
  if (inference.Succeeded()) {
    for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
      const Output& output = inference.outputs[i];
      entries.push_back({names.Take(output.name, output.Extension()), DirectoryEntry::Kind::kOutput,
                         i, output.bytes});
    }
    const std::string project = ProjectFileName(inference);
    if (!project.empty()) {
      const std::size_t dot = std::min(project.rfind('.'), project.size());
      entries.push_back({names.Take(project.substr(0, dot), project.substr(dot)),
                         DirectoryEntry::Kind::kProject, 0, std::nullopt});
    }
  }
  entries.push_back({document, DirectoryEntry::Kind::kDocument, 0, std::nullopt});
  return entries;
}

// The only entry that `fits` says yes to.
template <class Fits>
std::optional<DirectoryEntry> Only(const std::vector<DirectoryEntry>& entries, Fits fits) {
  std::optional<DirectoryEntry> found;
  for (const DirectoryEntry& entry : entries) {
    if (!fits(entry)) continue;
    if (found) return std::nullopt;
    found = entry;
  }
  return found;
}

}  // namespace

std::string ProjectFileName(const Inference& inference) {
  const std::string location = inference.qgis_project_location.value_or("");
  return PercentDecode(location.substr(location.rfind('/') + 1));
}

std::vector<DirectoryEntry> ListDirectory(const ResolvedInference& resolved) {
  std::vector<DirectoryEntry> entries = AllEntries(resolved);
  const auto has_no_file = [&](const DirectoryEntry& entry) {
    return entry.kind == DirectoryEntry::Kind::kOutput &&
           !resolved.inference.outputs[entry.output].data;
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), has_no_file), entries.end());
  return entries;
}

std::optional<DirectoryEntry> FindEntry(const ResolvedInference& resolved, std::string_view name) {
  const std::vector<DirectoryEntry> entries = AllEntries(resolved);
  for (const DirectoryEntry& entry : entries) {
    if (entry.name == name) return entry;
  }
  const auto output_of = [&](const DirectoryEntry& entry) -> const Output* {
    if (entry.kind != DirectoryEntry::Kind::kOutput) return nullptr;
    return &resolved.inference.outputs[entry.output];
  };
  for (const DirectoryEntry& entry : entries) {
    const Output* const output = output_of(entry);
    if (output && output->name + output->Extension() == name) return entry;
  }
  if (const auto entry = Only(entries, [&](const DirectoryEntry& e) {
        return output_of(e) && output_of(e)->ServerFileName() == name;
      }))
    return entry;
  return Only(entries, [&](const DirectoryEntry& e) {
    return output_of(e) &&
           (output_of(e)->name == name || EncodeFileName(output_of(e)->name) == name);
  });
}

std::vector<std::string> ListedNames(const ResolvedInference& resolved) {
  std::vector<std::string> names(resolved.inference.outputs.size());
  for (DirectoryEntry& entry : AllEntries(resolved)) {
    if (entry.kind == DirectoryEntry::Kind::kOutput) names[entry.output] = std::move(entry.name);
  }
  return names;
}

std::string ListedName(const ResolvedInference& resolved, std::size_t index) {
  const std::vector<std::string> names = ListedNames(resolved);
  return index < names.size() ? names[index] : "";
}

std::optional<std::int64_t> UnixTime(const Text& iso8601) {
  const auto read = iso8601 ? ParseIsoTime(*iso8601) : std::nullopt;
  if (!read || read->precision != IsoTime::Precision::kSecond) return std::nullopt;
  const std::int64_t milliseconds = UnixMilliseconds(*read);
  return (milliseconds - (milliseconds < 0 ? 999 : 0)) / 1000;
}

}  // namespace s2c
