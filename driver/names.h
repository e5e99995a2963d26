// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/api/resources.h"

namespace s2c {

/// What outputs of one name are taken together for: a mosaic or a stack.
struct Selection {
  enum class Kind { kMosaic, kStack };
  Kind kind = Kind::kMosaic;
  std::vector<std::int64_t> ids;  ///< none twice
  std::string condition;          ///< on the layer `inference`; empty: `ids` are meant
};

/// A connection string, taken apart: `S2C:`, `S2C:ID`, `S2C:ID:NAME`, `S2C:mosaic(SELECTION):NAME`
/// and `S2C:stack(SELECTION):NAME`.
struct ConnectionString {
  std::optional<std::int64_t> id{};      ///< absent: the catalogue, or a selection
  std::optional<std::string> name{};     ///< all that follows the colon behind `id` or `selection`
  std::optional<Selection> selection{};  ///< always with a name

  bool IsCatalogue() const { return !id && !selection; }
};

/// Whether the text begins with `S2C:` in any case. No I/O: this is asked of every file.
bool IsConnectionString(std::string_view text);

/// Blanks around ID are nothing. kInvalidInput, with the form that is expected, for anything else.
Result<ConnectionString> ParseConnectionString(std::string_view text);

/// The name with percent-encoding where others find something of their own in it (issue 9): QGIS
/// takes "|option:AUTH_URL=..." off a layer's name for an option to open it with. GDAL's VRT driver
/// takes any name that holds "<VRTDataset", its GTI driver one that ends with ".gti.gpkg" and the
/// like, where one is asked before this driver, or without it; both open what stands there.
std::string HarmlessName(std::string_view name);

/// S2C:ID:NAME, with the harmless name.
std::string FormatConnectionString(std::int64_t id, std::string_view name);

/// The names for a sentence; long lists are cut: an error is a sentence, not a catalogue.
std::string Enumerated(const std::vector<std::string>& names);

/// The outputs' names in their order, a second one of the same name as "NAME (2)".
std::vector<std::string> OutputNames(const Inference& inference);

/// The name of the layer with the area of interest, in S2C:ID and as S2C:ID:NAME.
constexpr const char* kAreaLayer = "area_of_interest";

/// The names of the layers of S2C:ID: of its tables in their order, then of the area of interest.
/// Databases do not tell case apart, so one that differs from another in that alone is "NAME (2)",
/// too, or the next that no output has. Harmless names.
std::vector<std::string> LayerNames(const Inference& inference);

/// The place of the output that NAME means: the exact match first, then the only match ignoring
/// case (of ASCII letters), then the harmless name, else an error that lists the names.
Result<std::size_t> FindOutput(const Inference& inference, std::string_view name);

}  // namespace s2c
