// SPDX-License-Identifier: MIT
#include "client/jobs/resource_change.h"

#include "client/api/document_sink.h"

namespace s2c {
namespace {

constexpr int kMostAttempts = 2;

// Does `change` and, where nobody knows whether it was done, `look`; true says that it was.
Status Try(const std::function<Status()>& change, const std::function<Result<bool>()>& look) {
  for (int attempt = 1;; ++attempt) {
    const Status changed = change();
    if (changed || !DocumentSink::IsInDoubt(changed.error())) return changed;
    const auto happened = look();
    if (happened && *happened) return {};
    if (happened && attempt < kMostAttempts) continue;
    Error error = changed.error();
    if (!happened) error.message += "; whether it was done is not known: look again later";
    return tl::unexpected<Error>(std::move(error));
  }
}

}  // namespace

std::string ResourceDocument(const std::string& type, std::optional<std::int64_t> id,
                             const JsonAttributes& attributes, const Linkages& linkages) {
  std::string document = R"({"data":{"type":)" + JsonText(type);
  if (id) document += R"(,"id":)" + JsonText(std::to_string(*id));
  document += R"(,"attributes":{)";
  for (std::size_t i = 0; i < attributes.size(); ++i)
    document += (i ? "," : "") + JsonText(attributes[i].first) + ":" + attributes[i].second;
  document += "}";
  if (!linkages.empty()) document += R"(,"relationships":{)";
  for (std::size_t i = 0; i < linkages.size(); ++i) {
    const std::string relation = JsonText(linkages[i].first);
    document += (i ? "," : "") + relation + R"(:{"data":{"type":)" + relation + R"(,"id":)" +
                JsonText(std::to_string(linkages[i].second)) + "}}";
  }
  return document + (linkages.empty() ? "}}" : "}}}");
}

std::optional<std::int64_t> CreatedId(const JsonDocument& answer) {
  const JsonValue* const id = FindAt(answer, {"data", "id"});
  return id ? AsId(*id) : std::nullopt;
}

Status ChangeResource(Session& session, const std::string& type, std::int64_t id,
                      const JsonAttributes& attributes, const HasHappened& has_happened) {
  const std::string document = ResourceDocument(type, id, attributes);
  std::vector<std::string> names;
  for (const auto& attribute : attributes) names.push_back(attribute.first);
  return Try(
      [&]() -> Status {
        const auto changed = session.Change(type, id, document);
        return changed ? Status() : Pass(changed);
      },
      [&]() -> Result<bool> {
        const auto read = session.GetResource(type, id, names);
        if (!read) return Pass(read);
        const JsonValue* const found = FindAt(*read, {"data", "attributes"});
        return found && has_happened(*found);
      });
}

Status DeleteResource(Session& session, const std::string& type, std::int64_t id) {
  return Try([&] { return session.Delete(type, id); },
             [&]() -> Result<bool> {
               const auto read = session.GetResource(type, id, {"owner"});
               if (!read) return Pass(read);
               return *read == nullptr;
             });
}

}  // namespace s2c
