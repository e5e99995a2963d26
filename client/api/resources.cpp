// SPDX-License-Identifier: MIT
#include "client/api/resources.h"

#include <algorithm>

#include "client/base/iso_time.h"
#include "client/base/text.h"
#include "client/base/url.h"

namespace s2c {
namespace {

constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 60;

const JsonValue* Attributes(const JsonValue& resource, const char* type) {
  const Text actual = TextAt(resource, "type");
  return actual && *actual == type ? Find(resource, "attributes") : nullptr;
}

std::optional<std::int64_t> IdAt(const JsonValue& object, const char* name) {
  const JsonValue* const value = Find(object, name);
  return value ? AsId(*value) : std::nullopt;
}

// To-one linkage (JSON:API 1.0, "Resource Linkage"), or the plain attribute of some deployments.
std::optional<std::int64_t> RelatedId(const JsonValue& resource, const JsonValue& attributes,
                                      const std::string& relation) {
  const JsonValue* const relationships = Find(resource, "relationships");
  const JsonValue* const related = relationships ? Find(*relationships, relation.c_str()) : nullptr;
  const JsonValue* const data = related ? Find(*related, "data") : nullptr;
  const auto id = data ? IdAt(*data, "id") : std::nullopt;
  return id ? id : IdAt(attributes, (relation + "_id").c_str());
}

std::optional<ValueRange> AsRange(const JsonValue& value) {
  if (!value.IsArray() || value.Size() != 2) return std::nullopt;
  const auto low = AsNumber(value[0]);
  const auto high = AsNumber(value[1]);
  if (!low || !high || !(*low <= *high)) return std::nullopt;
  return ValueRange{*low, *high};
}

std::optional<std::uint64_t> AsFileSize(const JsonValue& value) {
  const auto number = AsNumber(value);
  if (!number || !(*number >= 0) || *number > static_cast<double>(kMaxFileSize))
    return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

void ReadOutputKey(Output& output, const std::string& key, const JsonValue& value) {
  if (key == "name") {
    output.name = AsText(value).value_or("");
  } else if (key == "value_type") {
    output.value_type = AsText(value);
  } else if (key == "file_type") {
    output.file_type = AsText(value);
  } else if (key == "vis_type") {
    output.vis_type = AsText(value);
  } else if (key == "data") {
    output.data = AsText(value);
  } else if (key == "bytes") {
    output.bytes = AsFileSize(value);
  } else if (key == "value_range") {
    output.value_range = AsRange(value);
  } else if (key == "dims") {
    if (!value.IsArray()) return;
    for (const JsonValue& dim : value.GetArray()) output.dims.push_back(AsText(dim).value_or(""));
  } else if (key == "band_value_ranges") {
    if (!value.IsArray()) return;
    for (const JsonValue& range : value.GetArray())
      output.band_value_ranges.push_back(AsRange(range));
  } else if (!value.IsNull()) {
    auto text = AsText(value);
    output.other.emplace_back(key, text ? std::move(*text) : ToJson(value));
  }
}

std::string Stem(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  return dot == std::string::npos || dot == 0 ? file : file.substr(0, dot);
}

void AppendOutputs(const JsonValue& array, std::vector<Output>& outputs) {
  for (const JsonValue& item : array.GetArray()) {
    if (!item.IsObject()) continue;
    Output output;
    for (const auto& member : item.GetObject())
      ReadOutputKey(output, {member.name.GetString(), member.name.GetStringLength()}, member.value);
    // No text of GDAL's holds a NUL, and a result without a name is one for all that.
    std::replace(output.name.begin(), output.name.end(), '\0', '?');
    if (output.name.empty()) output.name = Stem(output.ServerFileName());
    if (!output.name.empty()) outputs.push_back(std::move(output));
  }
}

}  // namespace

bool Output::IsRaster() const {
  if (file_type) return EqualIgnoringCase(*file_type, "geotiff");
  const std::string extension = LowerCase(Extension());
  return extension == ".tif" || extension == ".tiff";
}

bool Output::IsTable() const {
  if (file_type) return EqualIgnoringCase(*file_type, "csv");
  return LowerCase(Extension()) == ".csv";
}

std::string Output::ServerFileName() const {
  if (!data) return {};
  const std::size_t slash = data->rfind('/');
  return PercentDecode(slash == std::string::npos ? *data : data->substr(slash + 1));
}

std::string Output::Extension() const {
  const std::string file = ServerFileName();
  const std::size_t dot = file.rfind('.');
  if (dot != std::string::npos && dot > 0 && file.size() - dot > 1 && file.size() - dot <= 11)
    return file.substr(dot);
  if (!file_type) return {};
  if (EqualIgnoringCase(*file_type, "geotiff")) return ".tiff";
  if (EqualIgnoringCase(*file_type, "csv")) return ".csv";
  return {};
}

Text Output::NativeData() const {
  constexpr std::string_view kCopy = "_4326", kNative = "_3035";
  const std::size_t dot = data ? data->rfind('.') : std::string::npos;
  if (!IsRaster() || dot == std::string::npos || dot < kCopy.size()) return std::nullopt;
  const std::size_t at = dot - kCopy.size();
  if (data->compare(at, kCopy.size(), kCopy) != 0) return std::nullopt;
  return data->substr(0, at) + std::string(kNative) + data->substr(dot);
}

std::vector<Output> ReadOutputs(const JsonValue& output) {
  std::vector<Output> outputs;
  if (output.IsArray()) {
    AppendOutputs(output, outputs);
  } else if (output.IsString()) {
    const auto inner = ParseJson({output.GetString(), output.GetStringLength()});
    if (inner && (*inner)->IsArray()) AppendOutputs(**inner, outputs);
  }
  return outputs;
}

std::optional<Inference> ReadInference(const JsonValue& resource) {
  const JsonValue* const attributes = Attributes(resource, "inference");
  const auto id = IdAt(resource, "id");
  if (!attributes || !id) return std::nullopt;
  const auto text = [&](const char* name) { return TextAt(*attributes, name); };
  Inference inference;
  inference.id = *id;
  inference.owner = text("owner");
  inference.comment = text("comment");
  inference.status = text("status");
  inference.status_message = text("status_message");
  inference.timestamp_created = text("timestamp_created");
  inference.timestamp_started = text("timestamp_started");
  inference.timestamp_finished = text("timestamp_finished");
  inference.temp_range_start = text("temp_range_start");
  inference.temp_range_end = text("temp_range_end");
  inference.output_scale_factor = text("output_scale_factor");
  inference.qgis_project_location = text("qgis_project_location");
  inference.factbase_id = RelatedId(resource, *attributes, "factbase");
  inference.knowledgebase_id = RelatedId(resource, *attributes, "knowledgebase");
  if (const JsonValue* const output = Find(*attributes, "output"))
    inference.outputs = ReadOutputs(*output);
  return inference;
}

std::optional<Factbase> ReadFactbase(const JsonValue& resource) {
  const JsonValue* const attributes = Attributes(resource, "factbase");
  const auto id = IdAt(resource, "id");
  if (!attributes || !id) return std::nullopt;
  return Factbase{*id, TextAt(*attributes, "title"), TextAt(*attributes, "uri"),
                  TextAt(*attributes, "sensor")};
}

std::optional<Knowledgebase> ReadKnowledgebase(const JsonValue& resource) {
  const JsonValue* const attributes = Attributes(resource, "knowledgebase");
  const auto id = IdAt(resource, "id");
  if (!attributes || !id) return std::nullopt;
  return Knowledgebase{*id, TextAt(*attributes, "title")};
}

WorkerSigns ReadWorkerSigns(const JsonValue& attributes) {
  WorkerSigns signs;
  for (const char* name : {"free_worker_ping", "busy_worker_ping"}) {
    const JsonValue* const ping = Find(attributes, name);
    if (!ping) continue;
    signs.known = true;
    const auto text = AsText(*ping);
    const auto time = text ? ParseIsoTime(*text) : std::nullopt;
    const bool is_time = time && time->precision == IsoTime::Precision::kSecond;
    if (is_time)
      signs.latest = std::max(signs.latest.value_or(INT64_MIN), UnixMilliseconds(*time) / 1000);
    signs.usable = signs.usable && (is_time || !text);
  }
  return signs;
}

}  // namespace s2c
