// SPDX-License-Identifier: MIT
#include "vsi/directory.h"

#include <algorithm>
#include <cstdio>

#include "client/base/text.h"
#include "client/base/url.h"

namespace s2c {
namespace {

constexpr std::string_view kNotInFileNames = "/\\:*?\"<>|%";
constexpr const char* kDocumentName = "inference.json";

bool IsTaken(const std::vector<DirectoryEntry>& entries, const std::string& name) {
  // Some systems' file names do not tell case apart, and a copied directory must keep every file.
  return std::any_of(entries.begin(), entries.end(), [&](const DirectoryEntry& entry) {
    return EqualIgnoringCase(entry.name, name);
  });
}

std::string FreeName(const std::vector<DirectoryEntry>& entries, const std::string& stem,
                     const std::string& extension) {
  std::string name = stem + extension;
  for (int copy = 2; IsTaken(entries, name); ++copy)
    name = stem + " (" + std::to_string(copy) + ")" + extension;
  return name;
}

// Days since 1970-01-01 in the Gregorian calendar, counted from 1 March so that a leap day comes
// last in its year.
std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
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

std::string EncodeFileName(std::string_view name) {
  const bool dots = name == "." || name == "..";
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && !dots &&
        kNotInFileNames.find(c) == std::string_view::npos) {
      encoded += c;
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof(escape), "%%%02X", byte);
    encoded += escape;
  }
  return encoded;
}

std::string ProjectFileName(const Inference& inference) {
  const std::string location = inference.qgis_project_location.value_or("");
  return PercentDecode(location.substr(location.rfind('/') + 1));
}

std::vector<DirectoryEntry> ListDirectory(const ResolvedInference& resolved) {
  const Inference& inference = resolved.inference;
  std::vector<DirectoryEntry> entries;
  // First, so that no output can take its name; last in the list.
  entries.push_back({kDocumentName, DirectoryEntry::Kind::kDocument, 0, std::nullopt});
  if (inference.Succeeded()) {
    for (std::size_t i = 0; i < inference.outputs.size(); ++i) {
      const Output& output = inference.outputs[i];
      const std::string name =
          FreeName(entries, EncodeFileName(output.name), EncodeFileName(output.Extension()));
      entries.push_back({name, DirectoryEntry::Kind::kOutput, i, output.bytes});
    }
    const std::string project = EncodeFileName(ProjectFileName(inference));
    if (!project.empty())
      entries.push_back(
          {FreeName(entries, project, ""), DirectoryEntry::Kind::kProject, 0, std::nullopt});
  }
  std::rotate(entries.begin(), entries.begin() + 1, entries.end());
  return entries;
}

std::optional<DirectoryEntry> FindEntry(const ResolvedInference& resolved, std::string_view name) {
  const std::vector<DirectoryEntry> entries = ListDirectory(resolved);
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

std::string ListedName(const ResolvedInference& resolved, std::size_t index) {
  for (const DirectoryEntry& entry : ListDirectory(resolved)) {
    if (entry.kind == DirectoryEntry::Kind::kOutput && entry.output == index) return entry.name;
  }
  return {};
}

std::optional<std::int64_t> UnixTime(const Text& iso8601) {
  if (!iso8601) return std::nullopt;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  const char* const text = iso8601->c_str();
  if (std::sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
                  &second, &used) != 6 ||
      month < 1 || month > 12 || day < 1 || day > 31)
    return std::nullopt;
  const char* rest = text + used;
  while (*rest == '.' || (*rest >= '0' && *rest <= '9')) ++rest;
  int offset = 0;
  int offset_hours = 0, offset_minutes = 0;
  if ((*rest == '+' || *rest == '-') &&
      std::sscanf(rest + 1, "%2d:%2d", &offset_hours, &offset_minutes) >= 1)
    offset = (*rest == '-' ? -1 : 1) * (offset_hours * 3600 + offset_minutes * 60);
  return DaysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
}

}  // namespace s2c
