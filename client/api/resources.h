// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/base/json.h"

namespace s2c {

/// The API's resources as plain values. The service promises no attribute, so each is optional;
/// times are its ISO 8601 text.

using Text = std::optional<std::string>;
using ValueRange = std::pair<double, double>;  ///< minimum and maximum

/// One result of an inference. Its place in Inference::outputs is the server's order.
struct Output {
  std::string name;
  Text value_type;  ///< "numerical", "categorical"; open
  Text file_type;   ///< "geotiff", "csv"; open
  Text vis_type;
  Text data;                           ///< path below the factbase's uri
  std::optional<std::uint64_t> bytes;  ///< of the file, as the API has it
  std::vector<std::string> dims;
  std::optional<ValueRange> value_range;
  std::vector<std::optional<ValueRange>> band_value_ranges;
  /// Every other key, its value as text or JSON.
  std::vector<std::pair<std::string, std::string>> other;

  bool IsRaster() const;
  bool IsTable() const;
  /// With its dot, as on the server (".tiff"); else what file_type suggests, else empty.
  std::string Extension() const;
  /// The last part of `data`, decoded; empty where there is none.
  std::string ServerFileName() const;
  /// Where `data` names a copy in EPSG:4326 ("…_4326.tiff"), the place beside it at which the file
  /// in the data cube's own reference system may be; the service's ArcGIS toolbox takes that one.
  Text NativeData() const;
};

struct Inference {
  std::int64_t id = 0;
  Text owner, comment, status, status_message;
  Text timestamp_created, timestamp_started, timestamp_finished;
  Text temp_range_start, temp_range_end, output_scale_factor;
  Text qgis_project_location;
  std::optional<std::int64_t> factbase_id, knowledgebase_id;
  std::vector<Output> outputs;

  /// Outputs are valid only then: after a rerun or an abort the row keeps those of the run before.
  bool Succeeded() const { return status && *status == "SUCCEEDED"; }
};

/// What of a factbase is asked for where it is that of a result.
constexpr const char* kFactbaseFields = "title,uri,sensor";

struct Factbase {
  std::int64_t id = 0;
  Text title, uri, sensor;
};

struct Knowledgebase {
  std::int64_t id = 0;
  Text title;
};

/// These take a JSON:API resource object (`type`, `id`, `attributes`, `relationships`). Nothing
/// where it is none of that type or has no id; whatever else is odd is left out.
std::optional<Inference> ReadInference(const JsonValue& resource);
std::optional<Factbase> ReadFactbase(const JsonValue& resource);
std::optional<Knowledgebase> ReadKnowledgebase(const JsonValue& resource);

/// `output` comes as null, "", "[]", an array, or a string that holds an array.
std::vector<Output> ReadOutputs(const JsonValue& output);

/// When the workers of a factbase were last heard of (its attributes free_worker_ping and
/// busy_worker_ping), whatever its status says.
struct WorkerSigns {
  bool known = false;                  ///< there is such an attribute
  bool usable = true;                  ///< all of them are times, or null
  std::optional<std::int64_t> latest;  ///< seconds since 1970

  /// Within the last five minutes, as the service's other clients count (reference: its toolbox).
  bool Alive(double now) const { return latest && now - static_cast<double>(*latest) < 300; }
};
WorkerSigns ReadWorkerSigns(const JsonValue& attributes);

}  // namespace s2c
