// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/api/api_client.h"

namespace s2c {

/// A file in the directory of an inference.
struct DirectoryEntry {
  enum class Kind { kOutput, kProject, kDocument };

  std::string name;  ///< as listed: NAME.EXT, made a file's name (vsi/file_names)
  Kind kind = Kind::kOutput;
  std::size_t output = 0;  ///< kOutput: its place in Inference::outputs
  std::optional<std::uint64_t> size;
};

/// The API's document, which every inference has.
constexpr const char* kDocumentName = "inference.json";

/// The files of an inference: its outputs in the server's order, its QGIS project, and
/// inference.json. No two have the same name. Without valid results there is only the last. An
/// output that the API gives no path for has no file, and is not listed: whoever copies a directory
/// stops at a file that cannot be read.
std::vector<DirectoryEntry> ListDirectory(const ResolvedInference& resolved);

/// The entry that `name` means: a listed name; NAME with its extension not encoded; the server's
/// own file name; NAME without an extension. Nothing where none or, for the last two, more than
/// one fits.
std::optional<DirectoryEntry> FindEntry(const ResolvedInference& resolved, std::string_view name);

/// The listed names of all outputs, empty where they have none.
std::vector<std::string> ListedNames(const ResolvedInference& resolved);

/// That of the output at `index`.
std::string ListedName(const ResolvedInference& resolved, std::size_t index);

/// The last part of the QGIS project's path, decoded.
std::string ProjectFileName(const Inference& inference);

/// Unix time of an ISO 8601 text with any offset from UTC; nothing where it is none.
std::optional<std::int64_t> UnixTime(const Text& iso8601);

}  // namespace s2c
