// SPDX-License-Identifier: MIT
#include "driver/catalogue/inference_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "client/base/text.h"
#include "driver/catalogue/catalogue_layer.h"
#include "driver/kept_messages.h"

namespace s2c {
namespace {

// Ids of a request, whose first line stays below the limits of the usual servers
// (driver/catalogue/server_filter).
constexpr std::size_t kIdsPerRequest = 200;

const CatalogueTable& InferenceTable() {
  const auto& tables = CatalogueTables();
  return *std::find_if(tables.begin(), tables.end(), [](const CatalogueTable& table) {
    return std::string_view(table.name) == "inference";
  });
}

class Reading {
 public:
  Reading(std::shared_ptr<Session> session, const TakeInference& take)
      : session_(std::move(session)),
        take_(take),
        layer_(InferenceTable(), session_, SystemClock()) {
    // Of the layer's fields those alone are read that the condition needs.
    std::vector<const char*> fields;
    for (const CatalogueField& field : InferenceTable().fields) fields.push_back(field.name);
    fields.insert(fields.end(), {"OGR_GEOMETRY", nullptr});
    layer_.SetIgnoredFields(fields.data());
  }

  Status SetCondition(const std::string& where) {
    OGRErr outcome = OGRERR_NONE;
    const auto messages = KeepMessages([&] { outcome = layer_.SetAttributeFilter(where.c_str()); });
    if (outcome == OGRERR_NONE) return {};
    return Fail(ErrorKind::kInvalidInput,
                "the selection '" + UserText(where, 200) + "' is no condition on inferences (" +
                    (messages.empty() ? "it cannot be parsed" : OneLine(messages.back().text)) +
                    "); write it as ogrinfo -where takes it");
  }

  /// Those that the condition lets through.
  Status Read() {
    ListQuery query = layer_.QueryOfFilter();
    for (const char* name : {"status", "timestamp_finished", "temp_range_start", "temp_range_end",
                             "output", "factbase"}) {
      if (std::find(query.fields.begin(), query.fields.end(), name) == query.fields.end())
        query.fields.emplace_back(name);
    }
    query.with_factbases = true;
    PageReader reader = session_->List(std::move(query));
    while (true) {
      const auto page = reader.Next();
      if (!page) return Pass(page);
      if (!*page) return {};
      reader.Prefetch();
      const Status taken = TakePage(**page);
      if (!taken) return taken;
    }
  }

 private:
  Status TakePage(const Page& page) {
    const JsonValue* const included = Find(*page.document, "included");
    if (included && included->IsArray()) {
      for (const JsonValue& resource : included->GetArray()) {
        auto factbase = resource.IsObject() ? ReadFactbase(resource) : std::nullopt;
        if (factbase) factbases_[factbase->id] = std::move(*factbase);
      }
    }
    for (const Row& row : page.rows) {
      session_->See(*row.resource);
      if (!layer_.LetsThrough(row)) continue;
      auto inference = ReadInference(*row.resource);
      if (!inference) continue;
      auto resolved = Resolve(std::move(*inference));
      if (!resolved) return Pass(resolved);
      take_(std::move(*resolved));
    }
    return {};
  }

  Result<InferencePtr> Resolve(Inference inference) {
    auto resolved = std::make_shared<ResolvedInference>();
    // A server that lists no relations tells them with the inference itself.
    if (!inference.factbase_id && inference.Succeeded())
      return session_->GetInference(inference.id);
    if (inference.factbase_id && inference.Succeeded()) {
      const auto factbase = FactbaseOf(*inference.factbase_id);
      if (!factbase) return Pass(factbase);
      resolved->factbase = *factbase;
    }
    resolved->inference = std::move(inference);
    return InferencePtr(std::move(resolved));
  }

  // Each is asked for once where it did not come along.
  Result<std::optional<Factbase>> FactbaseOf(std::int64_t id) {
    if (const auto found = factbases_.find(id); found != factbases_.end()) return found->second;
    std::optional<Factbase> factbase;
    const auto document = session_->GetResource("factbase", id, {"title", "uri", "sensor"});
    if (!document) return Pass(document);
    const JsonValue* const data = *document ? Find(**document, "data") : nullptr;
    if (data && data->IsObject()) factbase = ReadFactbase(*data);
    factbases_[id] = factbase;
    return factbase;
  }

  const std::shared_ptr<Session> session_;
  const TakeInference& take_;
  CatalogueLayer layer_;
  std::map<std::int64_t, std::optional<Factbase>> factbases_;
};

}  // namespace

Status ReadInferences(const std::shared_ptr<Session>& session, const std::vector<std::int64_t>& ids,
                      const TakeInference& take) {
  Reading reading(session, take);
  for (std::size_t first = 0; first < ids.size(); first += kIdsPerRequest) {
    std::string where = "fid IN (";
    for (std::size_t i = first; i < std::min(first + kIdsPerRequest, ids.size()); ++i)
      where += (i > first ? "," : "") + std::to_string(ids[i]);
    Status read = reading.SetCondition(where + ")");
    if (read) read = reading.Read();
    if (!read) return read;
  }
  return {};
}

Status ReadInferences(const std::shared_ptr<Session>& session, const std::string& condition,
                      const TakeInference& take) {
  Reading reading(session, take);
  // By itself at first: it must be a whole, and is what a message tells.
  Status read = reading.SetCondition(condition);
  if (read) read = reading.SetCondition("(" + condition + ") AND status = 'SUCCEEDED'");
  return read ? reading.Read() : read;
}

}  // namespace s2c
